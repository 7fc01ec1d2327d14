/**
 * The client: connect to an agent, send commands, ask queries, follow events and members. Start with
 * {@link createClient}.
 * @module serfx
 */
export { createClient } from './client/create-client'
export { connect } from './connection/connect'
export { Connection } from './connection/connection'
export { filterMembers } from './members/filter-members'
export { memberChanges } from './members/member-changes'
export { settle } from './members/settle'
export { rtt } from './rtt'
export { ofMember } from './events/of-member'
export { ofQuery } from './events/of-query'
export { ofType } from './events/of-type'
export { ofUser } from './events/of-user'
export { respond } from './events/respond'
export { ConnectionError, HandlerError, ProtocolError, RpcError, SerfError, TimeoutError } from './errors'

export type { Client } from './client/client'
export type { MembershipOptions } from './client/membership-options'
export type { Gap } from './client/gaps'
export type { Tags } from './client/keep-tags'
export type { NearestOptions, Neighbour } from './client/nearest'
export type { ClientOptions, ReconnectOptions } from './client/options'
export type { ClientStatus } from './client/status'
export type { Commands, QueryCommand } from './connection/commands'
export type { QueryProgress } from './connection/queries/query-progress'
export type { Reachability, ReachabilityOptions } from './connection/queries/reachability'
export type { Address, ConnectionOptions } from './connection/options'
export type { RpcErrorCode } from './errors'
export type { EventOfType } from './events/event-of-type'
export type {
  CommonEvent,
  CommonMember,
  CommonMemberEvent,
  CommonQueryEvent,
  CommonUserEvent,
  MemberEvent,
  MemberEventType,
  QueryEvent,
  SerfEvent,
  UserEvent,
} from './events/event'
export type { NameMatcher } from './events/name-matcher'
export type { Answerable, AnswerableOf, Instead, NoQuery, Projected, RespondOptions } from './events/respond'
export type { Member, MemberStatus } from './member'
export type { MemberCriteria } from './members/member-criteria'
export type { MemberChange } from './members/member-changes'
export type { Payload } from './payload'
export type { MemberFilter } from './protocol/calls'
export type { QueryEnd, QueryOptions } from './protocol/query-call'
export type { EventFilter, EventOf } from './protocol/event-filter'
export type { Frame } from './protocol/frame'
export type {
  AgentStats,
  Coordinate,
  KeyReport,
  LogLevel,
  QueryAck,
  QueryResponse,
  RuntimeStats,
  SerfStats,
} from './protocol/replies'
export type { CommandTrace, ConnectionTrace, GapTrace } from './connection/tracing'
