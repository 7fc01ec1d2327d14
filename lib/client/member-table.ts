import type { MemberEvent } from '../events/event'
import type { Member } from '../member'
import { sameMember } from './same-member'

/**
 * The known members by name. `apply` and `replace` return whether they changed something; a snapshot never
 * changes.
 */
export class MemberTable {
  #members = new Map<string, Member>()
  /** Members that were kept although the last list did not have them. */
  #unlisted = new Set<string>()

  /** Whether an event tells the end of a member that the last list did not have. */
  endsUnlisted({ type, members }: MemberEvent): boolean {
    const ends = type === 'member-failed' || type === 'member-leave'
    return ends && members.some(({ name }) => this.#unlisted.has(name))
  }

  /** Applies what an event says about its members. */
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
   * Applies the whole list. A member that has not changed stays the same object.
   * @param keepAlive Whether alive members that are not in the list are kept.
   */
  replace(members: readonly Member[], keepAlive = false): boolean {
    const known = this.#members
    const listed = new Map<string, Member>()
    const unlisted = new Set<string>()
    let changed = false
    for (const member of members) {
      const before = known.get(member.name)
      const same = before !== undefined && sameMember(before, member)
      listed.set(member.name, same ? before : member)
      if (!same) changed = true
    }
    if (keepAlive) {
      for (const member of known.values()) {
        if (member.status !== 'alive' || listed.has(member.name)) continue
        listed.set(member.name, member)
        unlisted.add(member.name)
      }
    }
    this.#members = listed
    this.#unlisted = unlisted
    return changed || listed.size !== known.size
  }

  snapshot(): ReadonlyMap<string, Member> {
    return new Map(this.#members)
  }
}
