import type { MemberEvent } from '../events/event'
import type { Member } from '../member'
import { sameMember } from './same-member'

/** The known members by name. Its methods return whether they changed something; a snapshot never changes. */
export class MemberTable {
  #members = new Map<string, Member>()

  /** Takes over what an event says of its members. */
  apply({ type, members }: MemberEvent): boolean {
    let changed = false
    for (const member of members) {
      const known = this.#members.get(member.name)
      if (type === 'member-reap') {
        if (this.#members.delete(member.name)) changed = true
      } else if (!known || !sameMember(known, member)) {
        this.#members.set(member.name, member)
        changed = true
      }
    }
    return changed
  }

  /** Takes over the whole list. A member that has not changed stays the same object. */
  replace(members: readonly Member[]): boolean {
    const known = this.#members
    const listed = new Map<string, Member>()
    let changed = members.length !== known.size
    for (const member of members) {
      const before = known.get(member.name)
      const same = before !== undefined && sameMember(before, member)
      listed.set(member.name, same ? before : member)
      if (!same) changed = true
    }
    this.#members = listed
    return changed
  }

  snapshot(): ReadonlyMap<string, Member> {
    return new Map(this.#members)
  }
}
