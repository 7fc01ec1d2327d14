/**
 * A Serf agent in the same process, for tests of programs that use serfx. Start with {@link TestAgent}.
 * @module serfx/testing
 */
export { TestAgent } from './agent'

export type { MemberEventType } from '../events/event'
export type { Member, MemberStatus } from '../member'
export type { Payload } from '../payload'
export type { CommandName } from '../protocol/commands'
export type { EventFilter } from '../protocol/event-filter'
export type { Coordinate, LogLevel } from '../protocol/replies'
export type { CapturedAnswer, RestartOptions } from './agent'
export type { AgentFaults } from './agent-faults'
export type { ReceivedUserEvent, UserEventHandler } from './cluster/events'
export type { QueryHandler, ReceivedQuery } from './cluster/queries'
export type { Fault } from './ipc/faults'
export type { Ending } from './ipc/write-queue'
export type { ReceivedRequest } from './ipc/session'
export type { TestAgentOptions } from './options'
