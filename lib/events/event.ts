import type { Observable } from 'rxjs'
import type { Member } from '../member'
import type { Payload } from '../payload'

/** The types of member events. */
export type MemberEventType =
  'member-join' | 'member-leave' | 'member-failed' | 'member-update' | 'member-reap'

/** A member of an event, with the fields that streams and scripts have in common. */
export interface CommonMember {
  name: string
  addr: string
  tags: Record<string, string>
}

/** A member event, with the fields that streams and scripts have in common. */
export interface CommonMemberEvent {
  type: MemberEventType
  members: CommonMember[]
}

/** A user event, with the fields that streams and scripts have in common. */
export interface CommonUserEvent {
  type: 'user'
  name: string
  /** A Lamport counter of user events, not a time. */
  ltime: number
  /** A copy of the bytes; empty if none were sent. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
}

/** A query, with the fields that streams and scripts have in common. */
export interface CommonQueryEvent {
  type: 'query'
  name: string
  /** A Lamport counter of queries, not a time. */
  ltime: number
  /** A copy of the bytes; empty if none were sent. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
  /**
   * Answers the query. Cold: sends the answer at each subscription, emits `undefined` once it is sent, and
   * completes.
   */
  respond(payload?: Payload): Observable<void>
}

/**
 * An event from a stream or a script. The operators use this type when they are composed without a source, so
 * that `pipe(ofQuery('upcase'), respond(…))` works with both.
 */
export type CommonEvent = CommonMemberEvent | CommonUserEvent | CommonQueryEvent

/** A change of one or more members. The agent collects changes for 1 to 3 s into one event. */
export interface MemberEvent extends CommonMemberEvent {
  members: Member[]
}

/** An event that a user or a program has fired. */
export interface UserEvent extends CommonUserEvent {
  /** Whether the agents may have dropped older events of this name. */
  coalesce: boolean
}

/** A query that can be answered. */
export interface QueryEvent extends CommonQueryEvent {
  /** The id of the query, valid only on the connection that delivered it. */
  id: number | bigint
  /**
   * Answers the query. Cold: sends the answer at each subscription, emits `undefined` once the agent has
   * accepted it, and completes. Errors: `RpcError` (`INVALID_QUERY_ID` after the deadline, `AGENT_ERROR` for
   * a second answer or one that is too large), `ConnectionError` (`CONNECTION_LOST`) when the connection that
   * delivered the query has ended.
   */
  respond(payload?: Payload): Observable<void>
}

/** Any event of a stream. `type` distinguishes them. */
export type SerfEvent = MemberEvent | UserEvent | QueryEvent
