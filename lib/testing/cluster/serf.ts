import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { ResolvedTestAgentOptions } from '../options'
import { Timers } from '../timers'
import { Coordinates } from './coordinates'
import { Events } from './events'
import { Keyring } from './keyring'
import { Log } from './log'
import { completeMember } from './member'
import { MemberList } from './member-list'
import { Queries } from './queries'
import { eventSize, tagsSize } from './sizes'

/** Bytes that the tags of a member may have, encoded. Source: serf 0.9.4, memberlist.MetaMaxSize. */
const TAGS_LIMIT = 512

/** What the agent knows and does, whoever asks: its members, events, queries, keyring and log. */
export class Serf {
  readonly timers = new Timers()
  readonly members = new MemberList()
  readonly keyring: Keyring
  readonly log = new Log()
  readonly events: Events
  readonly queries: Queries
  readonly coordinates = new Coordinates()
  /** The members that joining an address brings. */
  readonly joinable = new Map<string, readonly Partial<Member>[]>()
  state: 'alive' | 'leaving' | 'left' = 'alive'
  /** Called when it has left, or is shut down by a client. */
  ended: () => void = () => undefined
  /** The time of the next user event. */
  eventTime = 1
  #met = 0

  constructor(readonly options: ResolvedTestAgentOptions) {
    this.keyring = new Keyring(options.encryptKey)
    this.events = new Events(this.timers, options)
    this.queries = new Queries(options, this.timers, this.members, this.events, this.log)
    const { name, tags } = options
    this.members.set(completeMember({ addr: '127.0.0.1', name, tags }, 0))
    for (const member of options.members) this.#meet(member)
    this.log.write('info', 'agent: Serf agent starting')
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
    const member = this.#meet({ ...given, status: 'alive' })
    this.log.write('info', `serf: EventMemberJoin: ${member.name} ${member.addr}`)
    this.events.member('member-join', member.name, this.members.bytesOf(member))
    return member
  }

  /** Gives a member what is new about it, and tells. */
  change(type: MemberEventType, member: Member): void {
    this.members.set(member)
    this.events.member(type, member.name, this.members.bytesOf(member))
  }

  reap(member: Member): void {
    const bytes = this.members.bytesOf(member)
    this.members.delete(member.name)
    this.events.member('member-reap', member.name, bytes)
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
    this.events.user({ name, payload, ltime: this.eventTime++, coalesce })
    return undefined
  }

  /** Gives the own node other tags; returns why not, in Serf's words. */
  retag(tags: Record<string, string>): string | undefined {
    if (tagsSize(tags) > TAGS_LIMIT) return `Encoded length of tags exceeds limit of ${TAGS_LIMIT} bytes`
    this.change('member-update', { ...this.self, tags })
    return undefined
  }

  /** What does not survive a restart: clocks, log, whatever was under way. Members, keys and handlers stay. */
  restarted(): void {
    this.halt()
    this.state = 'alive'
    this.eventTime = 1
    this.queries.reset()
    this.log.clear()
    this.members.set({ ...this.self, status: 'alive' })
    this.log.write('info', 'agent: Serf agent starting')
  }

  /** Nothing happens any more on its own. */
  halt(): void {
    this.timers.clear()
    this.events.clear()
    this.queries.halt()
  }

  #meet(given: Partial<Member>): Member {
    const known = given.name === undefined ? undefined : this.members.get(given.name)
    const member = completeMember({ ...known, ...given }, known ? 0 : ++this.#met)
    this.members.set(member)
    return member
  }
}
