import { from } from 'rxjs'
import type { SerfEvent } from '../../lib/events/event'
import { ofType } from '../../lib/events/of-type'
import { itFilters } from '../support/observe/filter-contract'
import { memberEvent, queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofType', () => {
  itFilters<SerfEvent>(
    { y: userEvent('deploy'), z: memberEvent('member-join'), n: memberEvent('member-leave') },
    () => ofType('user', 'member-join'),
  )

  it('lets through what it names, whatever the name of the event', () => {
    const types: string[] = []
    from([userEvent('query'), queryEvent('user'), memberEvent('member-reap')])
      .pipe(ofType('query'))
      .subscribe((event) => types.push(`${event.type} ${event.name}`))
    expect(types).toEqual(['query user'])
  })

  it('refuses to be made for nothing', () => {
    expect(() => ofType()).toThrow(new TypeError('ofType: name at least one event type'))
  })

  it('refuses a type that no agent sends, such as a property of every object', () => {
    // @ts-expect-error: no agent sends that
    expect(() => ofType('toString')).toThrow(TypeError)
    // @ts-expect-error: nor that
    expect(() => ofType('join')).toThrow('no agent sends an event of type "join"')
  })
})
