import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { Timers } from '../timers'
import type { MemberList } from './member-list'

/** The time until an alive member has objected to a force-leave, in ms. Measured on serf 0.9.4. */
const OBJECTS_AFTER = 100
/**
 * How long pruning an alive member takes, in ms. Source: serf 0.9.4, BroadcastTimeout + LeavePropagateDelay.
 */
const PRUNING = 6_000

/** What a removal needs from the agent that carries it out. */
interface RemovingAgent {
  readonly timers: Timers
  readonly members: MemberList
  readonly group: Iterable<{ readonly name: string; readonly removal: Removal }>
  apply(type: MemberEventType, member: Member, forced: boolean): void
  change(type: MemberEventType, member: Member, forced: boolean): void
}

/**
 * Removes members at a client's request. Source: serf 0.9.4, serf/serf.go handleNodeLeaveIntent, handlePrune.
 */
export class Removal {
  /**
   * Resolves when no member is being pruned any longer. Until then no command that needs the members is
   * carried out.
   */
  pruning: Promise<void> | undefined

  constructor(private readonly agent: RemovingAgent) {}

  /** `force-leave`: a failed member becomes `left`. */
  forceLeave(member: Member): void {
    const { members, timers } = this.agent
    if (member.status === 'failed') this.agent.change('member-leave', { ...member, status: 'left' }, true)
    if (member.status !== 'alive') return
    members.set({ ...member, status: 'leaving' })
    // The member objects, but it only learns of it through other nodes.
    if (members.alive < 2) return
    timers.after(OBJECTS_AFTER, () => {
      const now = members.get(member.name)
      if (now?.status === 'leaving') members.set({ ...now, status: 'alive' })
    })
  }

  /** `force-leave` with prune: all nodes but the member itself forget it. Resolves when this one has. */
  async forcePrune(name: string): Promise<void> {
    for (const { name: peer, removal } of this.agent.group) {
      if (peer !== name && removal !== this) void removal.#prune(name)
    }
    await this.#prune(name)
  }

  async #prune(name: string): Promise<void> {
    const { members, timers } = this.agent
    const member = members.get(name)
    if (member?.status === 'failed') this.agent.apply('member-leave', { ...member, status: 'left' }, true)
    if (member?.status === 'alive' || member?.status === 'leaving') {
      members.set({ ...member, status: 'leaving' })
      this.pruning = timers.wait(PRUNING)
      await this.pruning
      this.pruning = undefined
    }
    const last = members.get(name)
    if (last) this.agent.apply('member-reap', last, true)
  }
}
