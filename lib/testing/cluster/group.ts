import { isDeepStrictEqual } from 'node:util'
import type { MemberEventType } from '../../events/event'
import type { Member } from '../../member'
import type { UserEventMessage } from './events'
import type { Keyring } from './keyring'
import type { Log } from './log'
import { endpointOf } from './member'
import type { MemberList } from './member-list'
import type { Queries } from './queries'
import type { Removal } from './removal'

/** An agent, as the others of its cluster know it. */
export interface Peer {
  /** The name of its own node. */
  readonly name: string
  readonly running: boolean
  readonly self: Member
  readonly members: MemberList
  readonly keyring: Keyring
  readonly log: Log
  readonly queries: Queries
  /** The last user events, the oldest first. */
  readonly recent: readonly UserEventMessage[]
  /** The time of its next user event. */
  eventTime: number
  group: Group
  /** Records what happened to a member, and tells its clients. `forced` is for the log. */
  apply(type: MemberEventType, member: Member, forced?: boolean): void
  /** Makes it notice after a while that this peer is gone. */
  miss(peer: Peer): void
  readonly removal: Removal
  /** Delivers a user event of the cluster to it. */
  hear(event: UserEventMessage): void
  /** Makes it end, because another node has the same name and more nodes know that one. */
  yieldName(votes: Votes): void
}

/** How many nodes know an agent under its name, of all that were asked. */
export interface Votes {
  matching: number
  responses: number
}

/** The agents of this process that have joined each other: one cluster. */
export class Group {
  readonly #peers: Set<Peer>

  constructor(peers: Iterable<Peer>) {
    this.#peers = new Set(peers)
  }

  /** Those that are running. */
  [Symbol.iterator](): IterableIterator<Peer> {
    return [...this.#peers].filter(({ running }) => running).values()
  }

  has(peer: Peer): boolean {
    return this.#peers.has(peer)
  }

  /** The one of this name, running or not. */
  named(name: string): Peer | undefined {
    return [...this.#peers].find((peer) => peer.name === name)
  }

  /** Takes out an agent, which becomes a cluster of its own. */
  part(peer: Peer): void {
    this.#peers.delete(peer)
    peer.group = new Group([peer])
  }
}

/**
 * Merges the clusters of two agents: each member learns of all others, and the clocks go on from the later
 * one. With `replay` the joining side gets the last user events of the other side, uncoalesced.
 */
export function merge(joining: Peer, joined: Peer, replay: boolean): void {
  if (joining.group.has(joined)) return
  const [newcomers, others] = [[...joining.group], [...joined.group]]
  const [ofNewcomers, ofOthers] = [[...joining.members], [...joined.members]]
  const events = replay ? joined.recent.map((event) => ({ ...event, coalesce: false })) : []
  const losers = [...outvoted(newcomers, joining, joined), ...outvoted(others, joined, joining)]
  const group = new Group([...newcomers, ...others])
  for (const peer of group) peer.group = group
  for (const peer of newcomers) learn(peer, ofOthers)
  for (const peer of others) learn(peer, ofNewcomers)
  for (const peer of newcomers) for (const event of events) peer.hear(event)
  const eventTime = Math.max(...[...group].map((peer) => peer.eventTime))
  const queryTime = Math.max(...[...group].map((peer) => peer.queries.ltime))
  for (const peer of group) {
    peer.eventTime = eventTime
    peer.queries.witness(queryTime)
  }
  for (const [peer, votes] of losers) peer.yieldName(votes)
}

/** Makes an agent learn of these members. */
export function learn(peer: Peer, members: readonly Member[]): void {
  for (const member of members) {
    if (member.name === peer.name || peer.members.get(member.name)?.status === 'alive') continue
    if (member.status === 'alive') peer.apply('member-join', member)
    else peer.members.set(member)
  }
}

/** Makes a peer notice that an agent is back: it has joined, has other tags, or was never away. */
export function welcome(peer: Peer, member: Member): void {
  const known = peer.members.get(member.name)
  if (known?.status !== 'alive') peer.apply('member-join', member)
  else if (!isDeepStrictEqual(known.tags, member.tags)) peer.apply('member-update', member)
}

/**
 * The agents whose name the other side knows at another address, and for which there is no majority. All
 * nodes but the two vote.
 * Source: serf 0.9.4, serf/serf.go resolveNodeConflict.
 */
function outvoted(peers: readonly Peer[], own: Peer, other: Peer): [Peer, Votes][] {
  const losers: [Peer, Votes][] = []
  for (const peer of peers) {
    const rival = other.members.get(peer.name)
    if (rival?.status !== 'alive' || endpointOf(rival) === endpointOf(peer.self)) continue
    const matching = own.members.alive - 1
    const responses = matching + other.members.alive - 1
    if (matching < Math.floor(responses / 2) + 1) losers.push([peer, { matching, responses }])
  }
  return losers
}

/** Why the two cannot communicate, in memberlist's words; `undefined` when they can. */
export function obstacleBetween(joining: Keyring, joined: Keyring): string | undefined {
  if (!joining.encrypted && joined.encrypted) {
    return 'Remote state is encrypted and encryption is not configured'
  }
  if (joining.encrypted && !joined.encrypted) {
    return 'Encryption is configured but remote state is not encrypted'
  }
  const [primary] = joining.keys
  const understands = primary === undefined || joined.keys.includes(primary)
  return understands ? undefined : 'No installed keys could decrypt the message'
}
