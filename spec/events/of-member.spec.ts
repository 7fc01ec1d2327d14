import { from } from 'rxjs'
import type { MemberEventType, SerfEvent } from '../../lib/events/event'
import { MEMBER_EVENT_TYPES } from '../../lib/events/event-types'
import { ofMember } from '../../lib/events/of-member'
import { itFilters } from '../support/observe/filter-contract'
import { memberEvent, queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofMember', () => {
  describe('of no type', () => {
    itFilters<SerfEvent>(
      { y: memberEvent('member-join'), z: memberEvent('member-reap'), n: userEvent('member-join') },
      () => ofMember(),
    )
  })

  describe('of some types', () => {
    itFilters<SerfEvent>(
      { y: memberEvent('member-failed'), z: memberEvent('member-leave'), n: memberEvent('member-join') },
      () => ofMember('member-failed', 'member-leave'),
    )
  })

  it('means all five when it names none', () => {
    const events = [...MEMBER_EVENT_TYPES.map(memberEvent), userEvent('a'), queryEvent('b')]
    const types: string[] = []
    from(events)
      .pipe(ofMember())
      .subscribe((event) => types.push(event.type))
    expect(types).toEqual(['member-join', 'member-leave', 'member-failed', 'member-update', 'member-reap'])
  })

  it('refuses what is not a type of member event', () => {
    expect(() => ofMember('join' as MemberEventType)).toThrow(
      new TypeError('ofMember: "join" is not a type of member event'),
    )
  })
})
