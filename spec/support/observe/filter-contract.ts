import { from, type Observable, type OperatorFunction } from 'rxjs'
import type { SerfEvent } from '../../../lib/events/event'
import type { NameMatcher } from '../../../lib/events/name-matcher'
import { marbles } from '../time/marbles'
import { observe } from './recording'
import { memberEvent } from './sample-events'

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

/**
 * Tests for an operator that selects events of one type by name. `made` makes such events, `other` those of
 * another type.
 */
export function itFiltersByName(
  operator: (name?: NameMatcher) => OperatorFunction<SerfEvent, SerfEvent>,
  made: (name: string, text?: string) => SerfEvent,
  other: (name: string) => SerfEvent,
): void {
  describe('without a name', () => {
    itFilters<SerfEvent>({ y: made('one'), z: made(''), n: other('one') }, () => operator())
  })

  describe('with a name', () => {
    itFilters<SerfEvent>({ y: made('one'), z: made('one', 'text'), n: made('one more') }, () =>
      operator('one'),
    )
  })

  describe('with a pattern that has the flag g', () => {
    itFilters<SerfEvent>({ y: made('one'), z: made('bone'), n: memberEvent('member-join') }, () =>
      operator(/one/g),
    )
  })

  describe('with a function', () => {
    itFilters<SerfEvent>({ y: made('one'), z: made('two'), n: made('three') }, () =>
      operator((name) => name.length === 3),
    )
  })

  it('drops an event of another type that has the name', () => {
    const events = [other('one'), made('one')]
    expect(observe(from(events).pipe(operator('one'))).values).toEqual([events[1]])
  })

  it('errors when the function throws', () => {
    const error = new Error('broken on purpose')
    const broken = (): boolean => {
      throw error
    }
    expect(observe(from([made('one')]).pipe(operator(broken))).error).toBe(error)
  })

  it('refuses a name of another type', () => {
    expect(() => operator(7 as unknown as string)).toThrow(
      new TypeError(`${operator.name}: a name is a string, a RegExp or a function of the name, not number`),
    )
  })
}
