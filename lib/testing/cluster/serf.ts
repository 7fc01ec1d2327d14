import { isDeepStrictEqual } from 'node:util'
import { shown } from '../../arguments'
import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { ResolvedTestAgentOptions } from '../options'
import { Timers } from '../timers'
import { Absence } from './absence'
import { Coordinates } from './coordinates'
import { Events, type UserEventMessage } from './events'
import { Group, learn, merge, obstacleBetween, type Peer, type Votes, welcome } from './group'
import { Keyring } from './keyring'
import { Log } from './log'
import { checkedMember, completeMember, endpointOf } from './member'
import { MemberList } from './member-list'
import { Queries } from './queries'
import { Removal } from './removal'
import { eventSize, tagsSize } from './sizes'

/** The size limit of a member's encoded tags, in bytes. Source: serf 0.9.4, memberlist.MetaMaxSize. */
const TAGS_LIMIT = 512
/** How many user events are kept for a join with replay. Source: serf 0.9.4, Config.EventBuffer. */
const RECENT_EVENTS = 512

/** The time until the others notice that an agent is gone, in ms. Real ones take 4,000 to 6,000. */
const FAILED_AFTER = 1_000
const LOGGED_AS: Readonly<Record<MemberEventType, string>> = {
  'member-join': 'EventMemberJoin',
  'member-leave': 'EventMemberLeave',
  'member-failed': 'EventMemberFailed',
  'member-update': 'EventMemberUpdate',
  'member-reap': 'EventMemberReap',
}

/** The agents of this process, by the address at which others may join them. */
const reachable = new Map<string, Serf>()

/** The state of an agent: members, events, queries, keyring, log. */
export class Serf implements Peer {
  readonly timers = new Timers()
  readonly members = new MemberList()
  readonly keyring: Keyring
  readonly log = new Log()
  readonly events: Events
  readonly queries: Queries
  readonly coordinates = new Coordinates()
  /** The members that joining an address brings. */
  readonly joinable = new Map<string, readonly Partial<Member>[]>()
  readonly recent: UserEventMessage[] = []
  group: Group = new Group([this])
  running = false
  state: 'alive' | 'leaving' | 'left' = 'alive'
  /** The errors that a test's handlers have thrown. */
  readonly failures: unknown[] = []
  readonly removal = new Removal(this)
  /** Called when it has left, was shut down by a client, or has lost its name to another agent. */
  ended: () => void = () => undefined
  /** The time of the next user event. */
  eventTime = 1
  #met = 0
  readonly #ownPort: number | undefined
  readonly #configuredTags: Record<string, string>
  /** While the agent is alone. */
  #absence: Absence | undefined

  constructor(readonly options: ResolvedTestAgentOptions) {
    this.keyring = new Keyring(options.encryptKey, options.keys)
    this.events = new Events(this.timers, this.log, this.failures, options)
    this.queries = new Queries(this)
    const { name, tags } = options
    this.members.set(completeMember({ addr: '127.0.0.1', name, tags }, 0))
    for (const member of options.members) this.members.set(this.#complete(member))
    this.#ownPort = options.members.find((member) => member.name === name)?.port
    this.#configuredTags = this.self.tags
  }

  get name(): string {
    return this.options.name
  }

  /** `host:port` for `join`: that of the agent's own member. */
  get gossip(): string {
    return endpointOf(this.self)
  }

  /** The agent's own member. */
  get self(): Member {
    return this.memberNamed(this.options.name)
  }

  memberNamed(name: string): Member {
    const member = this.#find(name)
    if (!member) throw new RangeError(`the agent knows no member ${shown(name)}`)
    return member
  }

  /** A member joins or comes back, or has other fields than before. */
  join(given: Partial<Member>): void {
    const member = this.#complete({ ...checkedMember(given), status: 'alive' })
    const known = this.#find(member.name)
    if (known?.status !== 'alive') this.change('member-join', member)
    else if (!isDeepStrictEqual(known, member)) this.change('member-update', member)
  }

  /** Something happens to a member: the whole cluster learns of it. `forced` is for the log. */
  change(type: MemberEventType, member: Member, forced = false): void {
    if (this.#absence && member.name !== this.name) this.#absence.change(type, member)
    else for (const peer of this.group) peer.apply(type, member, forced)
  }

  apply(type: MemberEventType, member: Member, forced = false): void {
    // Only a join brings back a member that was forgotten.
    if (type !== 'member-join' && !this.members.get(member.name)) return
    this.members.set(member)
    const bytes = this.members.bytesOf(member)
    if (type === 'member-reap') this.members.delete(member.name)
    const address = type === 'member-update' ? '' : ` ${member.addr}`
    this.log.write('info', `serf: ${LOGGED_AS[type]}${forced ? ' (forced)' : ''}: ${member.name}${address}`)
    this.events.member(type, member.name, bytes)
  }

  /** A member dies. */
  fail(member: Member): void {
    this.change(...endOf(member))
  }

  /**
   * Joins the agent at that address; returns why that failed, if it did; `undefined` when there is no agent.
   */
  joinAt(address: string, replay: boolean): { failure: string | undefined } | undefined {
    const peer = reachable.get(address)
    if (!peer) return undefined
    const failure = obstacleBetween(this.keyring, peer.keyring)
    if (failure === undefined) {
      this.#absence = undefined
      merge(this, peer, replay)
      this.#announce()
    }
    return { failure }
  }

  /**
   * The keyrings of all alive nodes; none for an agent that is gone. Nodes that are no agents of this process
   * share ours.
   */
  keyrings(): { name: string; keyring: Keyring | undefined; log: Log | undefined }[] {
    const alive = [...this.members].filter(({ status }) => status === 'alive')
    return alive.map(({ name }) => {
      const peer = this.agentNamed(name)
      return { name, keyring: peer && !peer.running ? undefined : (peer ?? this).keyring, log: peer?.log }
    })
  }

  /** The agent of this process that a node is, if it is one. */
  agentNamed(name: string): Peer | undefined {
    return this.group.named(name)
  }

  /** Fires a user event after a call of `accepted`; returns why that failed, in Serf's words. */
  userEvent(
    name: string,
    payload: Buffer | null,
    coalesce: boolean,
    accepted?: () => void,
  ): string | undefined {
    const limit = this.options.userEventSizeLimit
    if (Buffer.byteLength(name) + (payload?.length ?? 0) > limit) {
      return `user event exceeds configured limit of ${limit} bytes before encoding`
    }
    if (eventSize({ ltime: this.eventTime, name, payload }) > limit) {
      return `encoded user event exceeds configured limit of ${limit} bytes after encoding`
    }
    accepted?.()
    const event = { name, payload, ltime: this.eventTime, coalesce }
    for (const peer of this.group) peer.hear(event)
    return undefined
  }

  hear(event: UserEventMessage): void {
    this.eventTime = Math.max(this.eventTime, event.ltime + 1)
    if (this.recent.push(event) > RECENT_EVENTS) this.recent.shift()
    this.events.user(event)
  }

  /** Changes the tags of the agent's own node; returns why that failed, in Serf's words. */
  retag(tags: Record<string, string>): string | undefined {
    if (tagsSize(tags) > TAGS_LIMIT) return `Encoded length of tags exceeds limit of ${TAGS_LIMIT} bytes`
    this.change('member-update', { ...this.self, tags })
    return undefined
  }

  /** Called when clients can connect at this port. From now on other agents can join. */
  started(port: number): void {
    const self: Member = { ...this.self, port: this.#ownPort ?? port, status: 'alive' }
    this.running = true
    this.members.set(self)
    for (const { name, status } of this.members) if (status === 'alive') this.events.joined(name)
    this.#announce()
    reachable.set(this.gossip, this)
    this.log.write('info', 'agent: Serf agent starting')
    this.log.write('info', `serf: EventMemberJoin: ${self.name} ${self.addr}`)
  }

  /**
   * Forgets what does not survive a restart: clocks, log, tags set since the start, everything in progress,
   * and the other members if the agent comes back `alone`.
   */
  reset(alone: boolean): void {
    this.halt()
    this.state = 'alive'
    this.members.set({ ...this.self, tags: this.#configuredTags })
    if (alone) this.#leaveBehind()
    else for (const member of this.#absence?.members ?? []) this.members.set(member)
    this.eventTime = 1
    this.recent.length = 0
    this.queries.reset()
    this.log.clear()
  }

  /** Stops everything that happens on its own. */
  halt(): void {
    this.running = false
    if (reachable.get(this.gossip) === this) reachable.delete(this.gossip)
    this.timers.clear()
    this.removal.pruning = undefined
    this.events.clear()
    this.queries.halt()
  }

  /** Ends without telling the others. They notice after a while, unless it is back by then. */
  vanish(): void {
    if (this.running) this.#beMissed()
    this.halt()
  }

  miss(peer: Peer): void {
    const endpoint = endpointOf(peer.self)
    this.timers.after(FAILED_AFTER, () => {
      const member = this.members.get(peer.name)
      if (!member || peer.running || endpointOf(member) !== endpoint) return
      if (member.status === 'alive' || member.status === 'leaving') this.apply(...endOf(member))
    })
  }

  yieldName({ matching, responses }: Votes): void {
    this.log.write(
      'err',
      `serf: Node name conflicts with another node. Names must be unique! (Resolution enabled: true)`,
    )
    this.timers.after(this.options.queryTimeout, () => {
      const votes = `[${matching} / ${responses}]`
      this.log.write('warn', `serf: minority in name conflict resolution, quitting ${votes}`)
      this.log.write('warn', 'agent: Serf shutdown detected, quitting')
      this.#beMissed()
      this.group.part(this)
      this.ended()
    })
  }

  /** Ends the time alone: the cluster and this agent learn of each other again. */
  rejoin(): void {
    const absence = this.#absence
    if (!absence) return
    this.#absence = undefined
    const [peer] = absence.group
    learn(this, absence.members)
    if (peer) merge(this, peer, false)
    this.#announce()
  }

  /** Forgets all other members until `rejoin`. */
  #leaveBehind(): void {
    if (this.#absence) return
    const others = [...this.members].filter(({ name }) => name !== this.name)
    this.#absence = new Absence(this.group, others)
    for (const { name } of others) this.members.delete(name)
    this.group.part(this)
  }

  /** Makes the others notice after a while that this agent is gone. */
  #beMissed(): void {
    const { group } = this.#absence ?? this
    for (const peer of group) if (peer !== this) peer.miss(this)
  }

  /** Tells the others of its own member. */
  #announce(): void {
    const { self } = this
    for (const peer of this.group) if (peer !== this) welcome(peer, self)
  }

  #find(name: string): Member | undefined {
    return this.members.get(name) ?? this.#absence?.get(name)
  }

  #complete(given: Partial<Member>): Member {
    const known = given.name === undefined ? undefined : this.#find(given.name)
    return completeMember({ ...known, ...given }, known ? 0 : ++this.#met)
  }
}

/** What happens when a member dies. One that was leaving has left. */
function endOf(member: Member): [MemberEventType, Member] {
  return member.status === 'leaving'
    ? ['member-leave', { ...member, status: 'left' }]
    : ['member-failed', { ...member, status: 'failed' }]
}
