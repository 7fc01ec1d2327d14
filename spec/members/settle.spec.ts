import { Subject, take, tap } from 'rxjs'
import { settle } from 'serfx'
import { observe } from '../support/observe/recording'
import { thrown } from '../support/observe/thrown'
import { marbles } from '../support/time/marbles'

describe('settle', () => {
  // One character of a diagram is 1 ms.
  it.each([
    ['never', '-', '-'],
    ['empty', '--|', '--|'],
    ['one value', '-a------|', '----a---|'],
    ['the newest of several', '-abc----|', '------c-|'],
    ['one for each time of rest', '-a---bc-----|', '----a----c--|'],
    ['the newer of two, where it comes just when the other is due', '-a--b---|', '-------b|'],
    ['what it holds when the source completes', '-a-b|', '----(b|)'],
    ['nothing twice when the source completes', '-a----|', '----a-|'],
    ['not what it holds when the source errors', '-a---b-#', '----a--#'],
    ['nothing but an error', '#', '#'],
    ['nothing of a source that never rests', '-ababababab|', '-----------(b|)'],
  ])('%s', (_name, source, expected) => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source).pipe(settle(3))).toBe(expected)
    })
  })

  it.each([
    ['comes through at the latest after that time', '-abcdefghijk|', '------f-----(k|)'],
    [
      'counts from the first that is held back, each time anew',
      '-a------bcdefghi---|',
      '----a--------g----i|',
    ],
  ])('with a limit it %s', (_name, source, expected) => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source).pipe(settle(3, 5))).toBe(expected)
    })
  })

  it('comes through after the limit, where that is the shorter of the two', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-b------|').pipe(settle(5, 3))).toBe('----b-----|')
    })
  })

  it('takes no time at all for the end of a turn', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-(ab)-c|').pipe(settle(0))).toBe('-b----c|')
    })
  })

  it('lets go of source and timers at once', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a---b---c--|')
      expectObservable(source$.pipe(settle(3, 5)), '^-----!').toBe('----a--')
      expectObservable(source$.pipe(settle(3, 5), take(1))).toBe('----(a|)')
      expectSubscriptions(source$.subscriptions).toBe(['^-----!', '^---!'])
    })
  })

  it('serves two subscribers alike', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-b-----c|')
      const settled$ = source$.pipe(settle(3))
      expectObservable(settled$).toBe('------b---(c|)')
      expectObservable(settled$, '-------^').toBe('----------(c|)')
      expectSubscriptions(source$.subscriptions).toBe(['^---------!', '-------^--!'])
    })
  })

  it('loses nothing that comes while it emits', () => {
    marbles(({ cold, expectObservable }) => {
      const source$ = new Subject<string>()
      const answered$ = source$.pipe(
        settle(3, 5),
        tap((value) => {
          if (value === 'a') source$.next('b')
        }),
      )
      expectObservable(answered$).toBe('----a--b')
      cold('-a').subscribe((value) => source$.next(value))
    })
  })

  it('keeps no timer that nobody waits for', () => {
    jest.useFakeTimers()
    try {
      const source$ = new Subject<string>()
      const settled = observe(source$.pipe(settle(10, 100)))
      source$.next('a')
      source$.next('b')
      expect(jest.getTimerCount()).toBe(2)
      jest.advanceTimersByTime(10)
      expect(settled.values).toEqual(['b'])
      expect(jest.getTimerCount()).toBe(0)
      source$.next('c')
      settled.unsubscribe()
      expect(jest.getTimerCount()).toBe(0)
    } finally {
      jest.useRealTimers()
    }
  })

  it.each([-1, NaN, Infinity, 2 ** 31])('refuses %d ms of quiet at the call', (time) => {
    expect(thrown(() => settle(time))).toEqual(
      new RangeError(`settle: quiet must be from 0 to 2147483647 ms, not ${time}`),
    )
  })

  it.each([-1, NaN, 2 ** 31])('refuses a limit of %d ms at the call', (time) => {
    expect(thrown(() => settle(1, time))).toBeInstanceOf(RangeError)
    expect(thrown(() => settle('1' as unknown as number, 1))).toBeInstanceOf(TypeError)
  })
})
