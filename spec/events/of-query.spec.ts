import { from, of } from 'rxjs'
import type { SerfEvent } from '../../lib/events/event'
import { ofQuery } from '../../lib/events/of-query'
import { itFilters } from '../support/observe/filter-contract'
import { memberEvent, queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofQuery', () => {
  describe('of no name', () => {
    itFilters<SerfEvent>({ y: queryEvent('one'), z: queryEvent(''), n: userEvent('one') }, () => ofQuery())
  })

  describe('of a name', () => {
    itFilters<SerfEvent>(
      { y: queryEvent('one'), z: queryEvent('one', 'text'), n: queryEvent('one more') },
      () => ofQuery('one'),
    )
  })

  describe('of a pattern with the flag g', () => {
    itFilters<SerfEvent>({ y: queryEvent('one'), z: queryEvent('bone'), n: memberEvent('member-join') }, () =>
      ofQuery(/one/g),
    )
  })

  describe('of a function', () => {
    itFilters<SerfEvent>({ y: queryEvent('one'), z: queryEvent('two'), n: queryEvent('three') }, () =>
      ofQuery((name) => name.length === 3),
    )
  })

  it('lets through no user of that name', () => {
    const passed: SerfEvent[] = []
    const source = [userEvent('one'), queryEvent('one')]
    from(source)
      .pipe(ofQuery('one'))
      .subscribe((event) => passed.push(event))
    expect(passed).toEqual([source[1]])
  })

  it('errors when the function throws', () => {
    const error = new Error('broken on purpose')
    const broken = (): boolean => {
      throw error
    }
    const seen: unknown[] = []
    of(queryEvent('one'))
      .pipe(ofQuery(broken))
      .subscribe({ error: (thrown: unknown) => seen.push(thrown) })
    expect(seen).toEqual([error])
  })

  it('refuses what is no name', () => {
    expect(() => ofQuery(7 as unknown as string)).toThrow(
      new TypeError('ofQuery: a name is a string, a RegExp or a function of the name, not number'),
    )
  })
})
