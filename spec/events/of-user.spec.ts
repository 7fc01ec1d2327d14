import { from, of } from 'rxjs'
import type { SerfEvent } from '../../lib/events/event'
import { ofUser } from '../../lib/events/of-user'
import { itFilters } from '../support/observe/filter-contract'
import { memberEvent, queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofUser', () => {
  describe('of no name', () => {
    itFilters<SerfEvent>({ y: userEvent('one'), z: userEvent(''), n: queryEvent('one') }, () => ofUser())
  })

  describe('of a name', () => {
    itFilters<SerfEvent>({ y: userEvent('one'), z: userEvent('one', 'text'), n: userEvent('one more') }, () =>
      ofUser('one'),
    )
  })

  describe('of a pattern with the flag g', () => {
    itFilters<SerfEvent>({ y: userEvent('one'), z: userEvent('bone'), n: memberEvent('member-join') }, () =>
      ofUser(/one/g),
    )
  })

  describe('of a function', () => {
    itFilters<SerfEvent>({ y: userEvent('one'), z: userEvent('two'), n: userEvent('three') }, () =>
      ofUser((name) => name.length === 3),
    )
  })

  it('lets through no query of that name', () => {
    const passed: SerfEvent[] = []
    const source = [queryEvent('one'), userEvent('one')]
    from(source)
      .pipe(ofUser('one'))
      .subscribe((event) => passed.push(event))
    expect(passed).toEqual([source[1]])
  })

  it('errors when the function throws', () => {
    const error = new Error('broken on purpose')
    const broken = (): boolean => {
      throw error
    }
    const seen: unknown[] = []
    of(userEvent('one'))
      .pipe(ofUser(broken))
      .subscribe({ error: (thrown: unknown) => seen.push(thrown) })
    expect(seen).toEqual([error])
  })

  it('refuses what is no name', () => {
    expect(() => ofUser(7 as unknown as string)).toThrow(
      new TypeError('ofUser: a name is a string, a RegExp or a function of the name, not number'),
    )
  })
})
