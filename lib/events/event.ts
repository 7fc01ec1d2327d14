import type { Observable } from 'rxjs'
import type { Member } from '../member'
import type { Payload } from '../payload'

/** The five things that can happen to members. */
export type MemberEventType =
  'member-join' | 'member-leave' | 'member-failed' | 'member-update' | 'member-reap'

/** What a stream and a script both tell of a member. */
export interface CommonMember {
  name: string
  addr: string
  tags: Record<string, string>
}

/** What a stream and a script both tell of a member event. */
export interface CommonMemberEvent {
  type: MemberEventType
  members: CommonMember[]
}

/** What a stream and a script both tell of a user event. */
export interface CommonUserEvent {
  type: 'user'
  name: string
  /** A Lamport counter of user events, not a time. */
  ltime: number
  /** Bytes of its own; empty where none was sent. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
}

/** What a stream and a script both tell of a query. */
export interface CommonQueryEvent {
  type: 'query'
  name: string
  /** A Lamport counter of queries, not a time. */
  ltime: number
  /** Bytes of its own; empty where none was sent. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
  /** Answers the query. Cold: sent at each subscribe; emits `undefined` once the answer was taken, and completes. */
  respond(payload?: Payload): Observable<void>
}

/**
 * An event of whatever source: what a stream and a script both tell of it. The operators assume it where they are
 * composed before there is a source, so `pipe(ofQuery('upcase'), respond(…))` goes behind either.
 */
export type CommonEvent = CommonMemberEvent | CommonUserEvent | CommonQueryEvent

/** What happened to one or more members; the agent gathers changes for 1 to 3 s into one event. */
export interface MemberEvent extends CommonMemberEvent {
  members: Member[]
}

/** An event that somebody fired by hand or by program. */
export interface UserEvent extends CommonUserEvent {
  /** Whether the agents may have dropped older events of this name in favour of this one. */
  coalesce: boolean
}

/** A question that waits for an answer. */
export interface QueryEvent extends CommonQueryEvent {
  /** What this connection calls the query: no other connection knows it. */
  id: number | bigint
  /**
   * Answers the query. Cold: sent at each subscribe; emits `undefined` once the agent took it, and completes.
   * Errors: `RpcError` (`INVALID_QUERY_ID` past the deadline, `AGENT_ERROR` for a second answer or one too big),
   * `ConnectionError` (`CONNECTION_LOST`) when the connection that brought the query is gone.
   */
  respond(payload?: Payload): Observable<void>
}

/** Everything a stream delivers, told apart by `type`. */
export type SerfEvent = MemberEvent | UserEvent | QueryEvent
