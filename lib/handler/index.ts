/**
 * For scripts that an agent starts for each event. Start with {@link events$}. Loads neither msgpackr nor
 * `node:net`, and only the few parts of rxjs that it needs.
 * @module serfx/handler
 */
export { HandlerError, SerfError } from '../errors'
export { ofMember } from '../events/of-member'
export { ofQuery } from '../events/of-query'
export { ofType } from '../events/of-type'
export { ofUser } from '../events/of-user'
export { respond } from '../events/respond'
export { events, events$ } from './events'

export type {
  CommonEvent,
  CommonMember,
  CommonMemberEvent,
  CommonQueryEvent,
  CommonUserEvent,
  MemberEventType,
} from '../events/event'
export type { EventOfType } from '../events/event-of-type'
export type { NameMatcher } from '../events/name-matcher'
export type { Answerable, AnswerableOf, Instead, NoQuery, Projected, RespondOptions } from '../events/respond'
export type { Payload } from '../payload'
export type { EventSources } from './events'
export type { HandlerErrorCode } from './handler-error'
export type {
  ScriptContext,
  ScriptEvent,
  ScriptMember,
  ScriptMemberEvent,
  ScriptQueryEvent,
  ScriptSelf,
  ScriptUserEvent,
} from './script-event'
export type { StdinSource } from './stdin'
