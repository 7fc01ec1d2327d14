/**
 * One call of a command: the checked arguments in Serf's terms, and how to read the reply.
 * Connection and Client carry out calls without knowing what is in them.
 */
import type { SerfEvent } from '../events/event'
import type { Member } from '../member'
import type { Payload } from '../payload'
import {
  dictionary,
  flag,
  integerBetween,
  knownOptions,
  MAX_TIMEOUT,
  milliseconds,
  nonEmpty,
  oneOf,
  text,
  texts,
} from '../arguments'
import { payloadBytes, queryId } from './arguments'
import { decode, toWire } from './codec'
import { type Command, type CommandName, commandOf, COMMANDS, isCommandName } from './commands'
import { type EventFilter, type EventOf, filterText } from './event-filter'
import type { Frame, ListReader } from './frames'
import { IPC_VERSION } from './limits'
import { mayBeBad, wholePattern } from './patterns'
import type { Reader } from './reader'
import { readEvent, readCanonicalUserEvent, type Responder } from './records/event-records'
import { membersList, readMembers, readCanonicalMembers } from './records/member-records'
import { readCanonicalAnswer, readQueryRecord } from './records/query-records'
import { readCoordinate, readJoined, readKeyReport, readLogLine, readStats } from './records/report-records'
import type { DONE, NOISE } from './records/sentinels'
import {
  type AgentStats,
  type Coordinate,
  type KeyReport,
  LOG_LEVELS,
  type LogLevel,
  type QueryAck,
  type QueryResponse,
} from './replies'
import type { WireValue } from './writer'

/**
 * Reads a body or a record: a value, or a sentinel for the request. `responder` answers the queries that it contains.
 */
export type Read<T> = (reader: Reader, responder: Responder) => T | typeof DONE | typeof NOISE

export interface Call<T> {
  readonly command: string
  /** The command's row of the table. */
  readonly traits: Command
  readonly body: WireValue | undefined
  /** Reads a whole body or record in the canonical encoding. Anything else is `undefined` or a fault, and `read` reads it. */
  readonly readCanonical: ((reader: Reader) => T | undefined) | undefined
  /** Reads a body or record in any encoding. */
  read(reader: Reader, responder: Responder): unknown
  /** Makes what the subscriber gets, of what was read; of `undefined` where no body came. */
  emit(seq: number, body: unknown): T
  /** For a reply that is one long list: how to read it as it arrives. */
  readonly list: ListReader | undefined
  /** For a query: how many ms after the agent's reply it is complete, should its `done` not come. */
  readonly endsAfter: number | undefined
  /** Whether the agent may hang up over it, because of a bad pattern. */
  risky(): boolean
  /** Whether the bare reply that comes before records is emitted too, as in a raw request. */
  readonly emitsBareReply: boolean
  /** For a raw query: whether nothing comes after this record. */
  readonly isLast: ((body: unknown) => boolean) | undefined
}

/** Whether a client sends it over a connection of its own. */
export function needsOwnConnection(call: Call<unknown>): boolean {
  const { ownConnection } = call.traits
  return ownConnection === 'always' || (ownConnection === 'risky' && call.risky())
}

const no = () => false
const unchanged = <T>(_seq: number, body: T): T => body

type Particulars<T> = Partial<Pick<Call<T>, 'readCanonical' | 'list' | 'endsAfter' | 'risky'>>

/** All calls have the same fields in the same order, because every request reads them and the engine is faster with one shape. */
const called = <T>(
  command: CommandName,
  read: Read<T>,
  body?: WireValue,
  { readCanonical, list, endsAfter, risky = no }: Particulars<T> = {},
): Call<T> => ({
  command,
  traits: COMMANDS[command],
  body,
  readCanonical,
  read,
  emit: unchanged<T>,
  list,
  endsAfter,
  risky,
  emitsBareReply: false,
  isLast: undefined,
})

/** For replies without a body. */
const nothing = (): void => undefined

export const handshakeCall = (): Call<void> => called('handshake', nothing, { Version: IPC_VERSION })

export const authCall = (key: string): Call<void> =>
  called('auth', nothing, { AuthKey: text(key, 'the key') })

export function eventCall(
  name: string,
  payload?: Payload,
  options: { coalesce?: boolean | undefined } = {},
): Call<void> {
  knownOptions(options, { coalesce: true }, 'the options of event')
  const body = {
    Name: nonEmpty(name, 'the name of an event'),
    Payload: payloadBytes(payload),
    Coalesce: flag(options.coalesce, true, 'the option coalesce'),
  }
  return called('event', nothing, body)
}

export function forceLeaveCall(node: string, options: { prune?: boolean | undefined } = {}): Call<void> {
  knownOptions(options, { prune: true }, 'the options of forceLeave')
  const body = {
    Node: nonEmpty(node, 'the name of a node'),
    Prune: flag(options.prune, false, 'the option prune'),
  }
  return called('force-leave', nothing, body)
}

export function joinCall(
  addresses: string | readonly string[],
  options: { replay?: boolean | undefined } = {},
): Call<number> {
  knownOptions(options, { replay: true }, 'the options of join')
  const existing = texts(typeof addresses === 'string' ? [addresses] : addresses, 'the addresses to join')
  return called('join', readJoined, {
    Existing: existing,
    Replay: flag(options.replay, false, 'the option replay'),
  })
}

export const membersCall = (): Call<Member[]> =>
  called('members', readMembers, undefined, { readCanonical: readCanonicalMembers, list: membersList })

/** RE2 patterns, each matched whole. */
export interface MemberFilter {
  tags?: Record<string, string> | undefined
  status?: string | undefined
  name?: string | undefined
}

export function membersFilteredCall(filter: MemberFilter): Call<Member[]> {
  knownOptions(filter, { tags: true, status: true, name: true }, 'the filter of membersFiltered')
  const tags = filter.tags === undefined ? undefined : dictionary(filter.tags, 'the tags of a filter')
  const status = text(filter.status ?? '', 'the status of a filter')
  const name = text(filter.name ?? '', 'the name of a filter')
  return filteredCall(tags, status, name, wholePattern)
}

/** As above, with the patterns made by `wrap`. What is not asked for is not sent. */
export function filteredCall(
  tags: Record<string, string> | undefined,
  status: string,
  name: string,
  wrap: (pattern: string) => string,
): Call<Member[]> {
  const body = {
    Tags: tags && patternsOf(tags, wrap),
    Status: status === '' ? undefined : wrap(status),
    Name: name === '' ? undefined : wrap(name),
  }
  return called('members-filtered', readMembers, body, {
    readCanonical: readCanonicalMembers,
    list: membersList,
    risky: () => [name, status, ...Object.values(tags ?? {})].some(mayBeBad),
  })
}

function patternsOf(
  tags: Record<string, string>,
  wrap: (pattern: string) => string,
): Record<string, string> | undefined {
  const patterns = Object.entries(tags).map(([key, pattern]) => [key, wrap(pattern)] as const)
  return patterns.length > 0 ? Object.fromEntries(patterns) : undefined
}

export function tagsCall(set: Record<string, string>, remove: readonly string[] = []): Call<void> {
  const body = { Tags: dictionary(set, 'the tags to set'), DeleteTags: texts(remove, 'the tags to remove') }
  return called('tags', nothing, body)
}

export const leaveCall = (): Call<void> => called('leave', nothing)

export function keyCall(command: 'install-key' | 'use-key' | 'remove-key', key: string): Call<KeyReport> {
  return called(command, readKeyReport, { Key: nonEmpty(key, 'a key') })
}

export const listKeysCall = (): Call<KeyReport> => called('list-keys', readKeyReport)

export const statsCall = (): Call<AgentStats> => called('stats', readStats)

export function getCoordinateCall(node: string): Call<Coordinate | null> {
  return called('get-coordinate', readCoordinate, { Node: nonEmpty(node, 'the name of a node') })
}

export function streamCall<F extends EventFilter>(filter: F | readonly F[]): Call<EventOf<F>> {
  // The agent sends what the filter asks for; the filter's type says what that is.
  const read = readEvent as Read<SerfEvent> as Read<EventOf<F>>
  const readCanonical = readCanonicalUserEvent as Call<SerfEvent>['readCanonical'] as Call<
    EventOf<F>
  >['readCanonical']
  return called('stream', read, { Type: filterText(filter) }, { readCanonical })
}

export function monitorCall(level: LogLevel): Call<string> {
  return called('monitor', readLogLine, { LogLevel: oneOf(level, LOG_LEVELS, 'the level of a monitor') })
}

export interface QueryOptions {
  /** Exact names of the nodes to ask; `[]` asks nobody. Default: all. */
  filterNodes?: readonly string[] | undefined
  /** RE2 patterns that a node's tags must match, anywhere in the value. */
  filterTags?: Record<string, string> | undefined
  /** Whether each node that the query reached says so. Default: false. */
  requestAck?: boolean | undefined
  /** How many other nodes pass each answer on once more, for lossy networks: 0 to 255. Default: 0. */
  relayFactor?: number | undefined
  /** Milliseconds until the agent takes no more answers. Default: the agent's own, 1.6 to 8 s by its profile and the cluster's size. */
  timeout?: number | undefined
  /**
   * When to complete: at the deadline (default), as soon as every alive member that was asked has answered, or with whichever
   * end of a {@link QueryEnd} comes first. At the deadline at the latest.
   */
  until?: 'deadline' | 'everyone' | QueryEnd | undefined
}

/** Ends of a query, one at least. A node's second answer does not count, nor is it passed on. */
export interface QueryEnd {
  /** So many responses, from 1; an ack is none. */
  responses?: number | undefined
  /** Responses of this share of the alive members that were asked, rounded up: above 0, at most 1. */
  share?: number | undefined
  /** So many ms without an answer, from 1, once the first has come; with `requestAck` an ack is one too. */
  quiet?: number | undefined
}

const QUERY_OPTIONS = {
  filterNodes: true,
  filterTags: true,
  requestAck: true,
  relayFactor: true,
  timeout: true,
  until: true,
} as const satisfies Record<keyof QueryOptions, true>

/** What may pass between an agent's deadline and its word that it is over. */
const GRACE = 1_000
/** The limit where the agent's own default holds, which is 8 s at most in clusters of a thousand nodes. */
const DEFAULT_END = 15_000

export function queryCall(
  name: string,
  payload?: Payload,
  options: QueryOptions = {},
): Call<QueryAck | QueryResponse> {
  knownOptions(options, QUERY_OPTIONS, 'the options of query')
  const timeout =
    options.timeout === undefined ? 0 : milliseconds(options.timeout, 1, 'the timeout of a query')
  const body = {
    Name: nonEmpty(name, 'the name of a query'),
    Payload: payloadBytes(payload),
    FilterNodes: texts(options.filterNodes ?? [], 'filterNodes'),
    FilterTags: dictionary(options.filterTags ?? {}, 'filterTags'),
    RequestAck: flag(options.requestAck, false, 'requestAck'),
    RelayFactor: integerBetween(options.relayFactor ?? 0, 0, 255, 'relayFactor'),
    Timeout: BigInt(Math.round(timeout * 1e6)), // nanoseconds, as Go counts; a float makes the agent hang up
  }
  return called('query', readQueryRecord, body, {
    readCanonical: readCanonicalAnswer,
    endsAfter: endOf(timeout),
  })
}

export function respondCall(id: number | bigint, payload?: Payload): Call<void> {
  return called('respond', nothing, { ID: queryId(id), Payload: payloadBytes(payload) })
}

/**
 * Any command with any body. A command of Serf takes a body and ends as its row of the table says, an unknown one is taken to
 * be answered by a header alone.
 */
export function rawCall(command: string, body?: unknown): Call<Frame> {
  nonEmpty(command, 'a command')
  const traits = commandOf(command)
  if (isCommandName(command) && !traits.takesBody && body !== undefined) {
    throw new TypeError(`${command} takes no body: the agent would read it as another request`)
  }
  const wire = body === undefined ? undefined : toWire(body, 'the body')
  const endsWithDone = traits.reply === 'records' && !traits.endless
  return {
    command,
    traits,
    // The agent would take the next request for a missing body, so a command that takes one gets an empty one.
    body: isCommandName(command) && traits.takesBody ? (wire ?? {}) : wire,
    readCanonical: undefined,
    read: readAnything,
    emit: (seq, value) => ({ header: { seq, error: '' }, ...(value === undefined ? {} : { body: value }) }),
    list: undefined,
    endsAfter: endsWithDone ? endOf(timeoutOf(wire)) : undefined,
    risky: () => traits.ownConnection === 'risky',
    emitsBareReply: true,
    isLast: endsWithDone ? isDone : undefined,
  }
}

function readAnything(reader: Reader): unknown {
  const value = decode(reader.bytes.subarray(reader.at, reader.end))
  reader.at = reader.end
  return value
}

/** The timeout of a query with this body, in ms; 0 is the agent's own. */
function timeoutOf(body: WireValue | undefined): number {
  return typeof body === 'object' && body !== null && 'Timeout' in body ? Number(body.Timeout) / 1e6 : 0
}

/** When a query with this timeout is over, in ms, which a timer must be able to hold. */
function endOf(timeout: number): number {
  return timeout > 0 ? Math.min(timeout + GRACE, MAX_TIMEOUT) : DEFAULT_END
}

function isDone(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'Type' in record && record.Type === 'done'
}
