/** The calls of every command but `query` (query-call.ts) and raw requests (raw-call.ts). */
import { dictionary, flag, knownOptions, nonEmpty, oneOf, text, texts } from '../arguments'
import type { SerfEvent } from '../events/event'
import type { Member } from '../member'
import type { Payload } from '../payload'
import { payloadBytes, queryId } from './arguments'
import { type Call, callOf, type Read, readNothing } from './call'
import { type EventFilter, type EventOf, filterText } from './event-filter'
import { IPC_VERSION } from './limits'
import { mayBeBad, wholePattern } from './patterns'
import { readEvent, readCanonicalUserEvent } from './records/event-records'
import { membersList, readMembers, readCanonicalMembers } from './records/member-records'
import { readCoordinate, readJoined, readKeyReport, readLogLine, readStats } from './records/report-records'
import { type AgentStats, type Coordinate, type KeyReport, LOG_LEVELS, type LogLevel } from './replies'

export const handshakeCall = (): Call<void> => callOf('handshake', readNothing, { Version: IPC_VERSION })

export const authCall = (key: string): Call<void> =>
  callOf('auth', readNothing, { AuthKey: text(key, 'the key') })

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
  return callOf('event', readNothing, body)
}

export function forceLeaveCall(node: string, options: { prune?: boolean | undefined } = {}): Call<void> {
  knownOptions(options, { prune: true }, 'the options of forceLeave')
  const body = {
    Node: nonEmpty(node, 'the name of a node'),
    Prune: flag(options.prune, false, 'the option prune'),
  }
  return callOf('force-leave', readNothing, body)
}

export function joinCall(
  addresses: string | readonly string[],
  options: { replay?: boolean | undefined } = {},
): Call<number> {
  knownOptions(options, { replay: true }, 'the options of join')
  const existing = texts(typeof addresses === 'string' ? [addresses] : addresses, 'the addresses to join')
  return callOf('join', readJoined, {
    Existing: existing,
    Replay: flag(options.replay, false, 'the option replay'),
  })
}

export const membersCall = (): Call<Member[]> =>
  callOf('members', readMembers, undefined, { readCanonical: readCanonicalMembers, list: membersList })

/** RE2 patterns, each matched whole. */
export interface MemberFilter {
  tags?: Record<string, string> | undefined
  status?: string | undefined
  name?: string | undefined
}

export function membersFilteredCall(filter: MemberFilter): Call<Member[]> {
  knownOptions(filter, { tags: true, status: true, name: true }, 'the filter of membersFiltered')
  const { tags, status = '', name = '' } = filter
  return filteredCall(
    tags === undefined ? undefined : dictionary(tags, 'the tags of a filter'),
    text(status, 'the status of a filter'),
    text(name, 'the name of a filter'),
    wholePattern,
  )
}

/** A call of `members-filtered` whose patterns are made by `wrap`. An empty pattern is not sent. */
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
  return callOf('members-filtered', readMembers, body, {
    readCanonical: readCanonicalMembers,
    list: membersList,
    risky: mayBeBad(name) || mayBeBad(status) || Object.values(tags ?? {}).some(mayBeBad),
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
  return callOf('tags', readNothing, body)
}

export const leaveCall = (): Call<void> => callOf('leave', readNothing)

export function keyCall(command: 'install-key' | 'use-key' | 'remove-key', key: string): Call<KeyReport> {
  return callOf(command, readKeyReport, { Key: nonEmpty(key, 'a key') })
}

export const listKeysCall = (): Call<KeyReport> => callOf('list-keys', readKeyReport)

export const statsCall = (): Call<AgentStats> => callOf('stats', readStats)

export function getCoordinateCall(node: string): Call<Coordinate | null> {
  return callOf('get-coordinate', readCoordinate, { Node: nonEmpty(node, 'the name of a node') })
}

export function streamCall<F extends EventFilter>(filter: F | readonly F[]): Call<EventOf<F>> {
  // The agent sends only what the filter selects, and the type of the filter says what that is.
  const read = readEvent as Read<SerfEvent> as Read<EventOf<F>>
  const readCanonical = readCanonicalUserEvent as Call<SerfEvent>['readCanonical'] as Call<
    EventOf<F>
  >['readCanonical']
  return callOf('stream', read, { Type: filterText(filter) }, { readCanonical })
}

export function monitorCall(level: LogLevel): Call<string> {
  return callOf('monitor', readLogLine, { LogLevel: oneOf(level, LOG_LEVELS, 'the level of a monitor') })
}

export function respondCall(id: number | bigint, payload?: Payload): Call<void> {
  return callOf('respond', readNothing, { ID: queryId(id), Payload: payloadBytes(payload) })
}
