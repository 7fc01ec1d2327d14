import type { Observable } from 'rxjs'
import { marbles } from '../time/marbles'

/** Tests for any operator that filters events: it has to let `y` and `z` pass, and to drop `n`. */
export function itFilters<E>(
  values: { y: E; z: E; n: E },
  apply: () => (source: Observable<E>) => Observable<E>,
): void {
  it.each([
    ['never', '-', '-'],
    ['empty', '--|', '--|'],
    ['one that passes', '-y-|', '-y-|'],
    ['one that does not', '-n-|', '---|'],
    ['many', '-y-(nz)-n-(yz)-|', '-y-z------(yz)-|'],
    ['an error', '-y-n-#', '-y---#'],
    ['nothing but an error', '#', '#'],
  ])('%s', (_name, source, expected) => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source, values).pipe(apply())).toBe(expected, values)
    })
  })

  it('unsubscribes from its source at once', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<E>('-y-n-z-y-|', values)
      expectObservable(source.pipe(apply()), '^----!').toBe('-y----', values)
      expectSubscriptions(source.subscriptions).toBe('^----!')
    })
  })

  it('ends its subscription with its source', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<E>('-y-|', values)
      expectObservable(source.pipe(apply())).toBe('-y-|', values)
      expectSubscriptions(source.subscriptions).toBe('^--!')
    })
  })

  it('serves two subscribers alike', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<E>('-y-n-z|', values)
      const filtered = source.pipe(apply())
      expectObservable(filtered).toBe('-y---z|', values)
      expectObservable(filtered, '---^').toBe('----y---z|', values)
      expectSubscriptions(source.subscriptions).toBe(['^-----!', '---^-----!'])
    })
  })
}
