import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { Timers } from '../timers'
import type { MemberList } from './member-list'

/** After how many ms a member that is alive has objected to a force-leave. Measured on serf 0.9.4. */
const OBJECTS_AFTER = 100
/** How many ms pruning a member that is alive takes. Source: serf 0.9.4, BroadcastTimeout + LeavePropagateDelay. */
const PRUNING = 6_000

/** What a removal needs of the agent that carries it out. */
interface RemovingAgent {
  readonly timers: Timers
  readonly members: MemberList
  readonly group: Iterable<{ readonly name: string; readonly removal: Removal }>
  apply(type: MemberEventType, member: Member, forced: boolean): void
  change(type: MemberEventType, member: Member, forced: boolean): void
}

/** Members that a client wants to leave. Source: serf 0.9.4, serf/serf.go handleNodeLeaveIntent, handlePrune. */
export class Removal {
  /** Settles when no member is being pruned any more. Until then no command that needs the members is carried out. */
  pruning: Promise<void> | undefined

  constructor(private readonly agent: RemovingAgent) {}

  /** `force-leave`: a failed member has left by that. */
  forceLeave(member: Member): void {
    const { members, timers } = this.agent
    if (member.status === 'failed') this.agent.change('member-leave', { ...member, status: 'left' }, true)
    if (member.status !== 'alive') return
    members.set({ ...member, status: 'leaving' })
    // The member objects, but it only hears of it through other nodes.
    if (members.alive < 2) return
    timers.after(OBJECTS_AFTER, () => {
      const now = members.get(member.name)
      if (now?.status === 'leaving') members.set({ ...now, status: 'alive' })
    })
  }

  /** `force-leave` with prune: all nodes but the member itself forget it. Resolves when they have. */
  async forcePrune(name: string): Promise<void> {
    const others = [...this.agent.group].filter((peer) => peer.name !== name)
    await Promise.all(others.map(({ removal }) => removal.#prune(name)))
  }

  async #prune(name: string): Promise<void> {
    const { members, timers } = this.agent
    const member = members.get(name)
    if (member?.status === 'failed') this.agent.apply('member-leave', { ...member, status: 'left' }, true)
    if (member?.status === 'alive' || member?.status === 'leaving') {
      members.set({ ...member, status: 'leaving' })
      this.pruning = new Promise((resolve) => timers.after(PRUNING, resolve))
      await this.pruning
      this.pruning = undefined
    }
    const last = members.get(name)
    if (last) this.agent.apply('member-reap', last, true)
  }
}
