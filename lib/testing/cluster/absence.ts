import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { Group } from './group'

/**
 * The cluster of an agent that is alone after a restart. What happens to its members shows when the agent has
 * rejoined.
 */
export class Absence {
  readonly #members: Map<string, Member>

  constructor(
    readonly group: Group,
    members: readonly Member[],
  ) {
    this.#members = new Map(members.map((member) => [member.name, member]))
  }

  get members(): Member[] {
    return [...this.#members.values()]
  }

  get(name: string): Member | undefined {
    return this.#members.get(name)
  }

  change(type: MemberEventType, member: Member): void {
    if (type === 'member-reap') this.#members.delete(member.name)
    else this.#members.set(member.name, member)
  }
}
