import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { ResolvedTestAgentOptions } from '../options'
import { Timers } from '../timers'
import { Coordinates } from './coordinates'
import { Events, type UserEventMessage } from './events'
import { Group, merge, obstacleBetween, type Peer } from './group'
import { Keyring } from './keyring'
import { Log } from './log'
import { completeMember } from './member'
import { MemberList } from './member-list'
import { Queries } from './queries'
import { eventSize, tagsSize } from './sizes'

/** Bytes that the tags of a member may have, encoded. Source: serf 0.9.4, memberlist.MetaMaxSize. */
const TAGS_LIMIT = 512
/** How many user events are kept for whoever joins and wants them. Source: serf 0.9.4, Config.EventBuffer. */
const RECENT_EVENTS = 512

/** After how many ms the others find that an agent is gone. A real one takes 4,000 to 6,000. */
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

/** What the agent knows and does, whoever asks: its members, events, queries, keyring and log. */
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
  /** Called when it has left, or is shut down by a client. */
  ended: () => void = () => undefined
  /** The time of the next user event. */
  eventTime = 1
  #met = 0
  readonly #ownPort: number | undefined

  constructor(readonly options: ResolvedTestAgentOptions) {
    this.keyring = new Keyring(options.encryptKey)
    this.events = new Events(this.timers, this.log, options)
    this.queries = new Queries(options, this.timers, this.members, this.events, this.log, (name) =>
      this.group.named(name),
    )
    const { name, tags } = options
    this.members.set(completeMember({ addr: '127.0.0.1', name, tags }, 0))
    for (const member of options.members) this.members.set(this.#complete(member))
    this.#ownPort = options.members.find((member) => member.name === name)?.port
  }

  get name(): string {
    return this.options.name
  }

  /** `host:port` for `join`: that of the agent's own member. */
  get gossip(): string {
    return gossipOf(this.self)
  }

  /** The agent's own member. */
  get self(): Member {
    return this.memberNamed(this.options.name)
  }

  memberNamed(name: string): Member {
    const member = this.members.get(name)
    if (!member) throw new RangeError(`the agent knows no member ${JSON.stringify(name)}`)
    return member
  }

  /** A member that is new, or back. */
  join(given: Partial<Member>): Member {
    const member = this.#complete({ ...given, status: 'alive' })
    this.change('member-join', member)
    return member
  }

  /** Something happens to a member: all of the cluster take note. */
  change(type: MemberEventType, member: Member): void {
    for (const peer of this.group) peer.apply(type, member)
  }

  apply(type: MemberEventType, member: Member): void {
    this.members.set(member)
    const bytes = this.members.bytesOf(member)
    if (type === 'member-reap') this.members.delete(member.name)
    this.log.write('info', `serf: ${LOGGED_AS[type]}: ${member.name} ${member.addr}`)
    this.events.member(type, member.name, bytes)
  }

  /** Joins the agent at that address; returns why not, `undefined` where nobody is there. */
  joinAt(address: string, replay: boolean): { failure: string | undefined } | undefined {
    const peer = reachable.get(address)
    if (!peer) return undefined
    const failure = obstacleBetween(this.keyring, peer.keyring)
    if (failure === undefined) merge(this, peer, replay)
    return { failure }
  }

  /** The keyrings of all alive nodes: none where the agent is gone; nodes that are no agents of this process share ours. */
  keyrings(): { name: string; keyring: Keyring | undefined }[] {
    const alive = [...this.members].filter(({ status }) => status === 'alive')
    return alive.map(({ name }) => {
      const peer = this.group.named(name)
      return { name, keyring: peer && !peer.running ? undefined : (peer ?? this).keyring }
    })
  }

  /** Fires a user event, from wherever it comes, after `accepted`; returns why not, in Serf's words. */
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

  /** Gives the own node other tags; returns why not, in Serf's words. */
  retag(tags: Record<string, string>): string | undefined {
    if (tagsSize(tags) > TAGS_LIMIT) return `Encoded length of tags exceeds limit of ${TAGS_LIMIT} bytes`
    this.change('member-update', { ...this.self, tags })
    return undefined
  }

  /** Clients can connect, at this port, and other agents can join. */
  started(port: number): void {
    const self = { ...this.self, port: this.#ownPort ?? port, status: 'alive' } as const
    this.running = true
    this.members.set(self)
    // To the others it is back; it itself was never away.
    for (const peer of this.group) if (peer !== this) revive(peer, self)
    reachable.set(this.gossip, this)
    this.log.write('info', 'agent: Serf agent starting')
  }

  /** What does not survive a restart: clocks, log, whatever was under way. Members, keys and handlers stay. */
  reset(): void {
    this.halt()
    this.state = 'alive'
    this.eventTime = 1
    this.recent.length = 0
    this.queries.reset()
    this.log.clear()
  }

  /** Nothing happens any more on its own. */
  halt(): void {
    this.running = false
    if (reachable.get(this.gossip) === this) reachable.delete(this.gossip)
    this.timers.clear()
    this.events.clear()
    this.queries.halt()
  }

  /** It is gone without a word: the others find out, unless it is back by then. */
  vanish(): void {
    if (this.running) for (const peer of this.group) if (peer !== this) peer.miss(this)
    this.halt()
  }

  miss(peer: Peer): void {
    this.timers.after(FAILED_AFTER, () => {
      const member = this.members.get(peer.name)
      const gone = !peer.running && member?.status === 'alive'
      if (gone) this.apply('member-failed', { ...member, status: 'failed' })
    })
  }

  #complete(given: Partial<Member>): Member {
    const known = given.name === undefined ? undefined : this.members.get(given.name)
    return completeMember({ ...known, ...given }, known ? 0 : ++this.#met)
  }
}

function revive(peer: Peer, member: Member): void {
  if (peer.members.get(member.name)?.status !== 'alive') peer.apply('member-join', member)
}

function gossipOf({ addr, port }: Member): string {
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`
}
