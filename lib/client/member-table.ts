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

  /**
   * Takes over the whole list. A member that has not changed stays the same object.
   * @param keepAlive Whether alive members that are not in the list stay.
   */
  replace(members: readonly Member[], keepAlive = false): boolean {
    const known = this.#members
    const listed = new Map<string, Member>()
    let changed = false
    for (const member of members) {
      const before = known.get(member.name)
      const same = before !== undefined && sameMember(before, member)
      listed.set(member.name, same ? before : member)
      if (!same) changed = true
    }
    if (keepAlive) {
      for (const member of known.values()) {
        if (member.status === 'alive' && !listed.has(member.name)) listed.set(member.name, member)
      }
    }
    this.#members = listed
    return changed || listed.size !== known.size
  }

  snapshot(): ReadonlyMap<string, Member> {
    return new Map(this.#members)
  }
}
