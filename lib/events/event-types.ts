import type { MemberEventType } from './event'

/** Every type of member event, in Serf's words. */
export const MEMBER_EVENT_TYPES: readonly MemberEventType[] = [
  'member-join',
  'member-leave',
  'member-failed',
  'member-update',
  'member-reap',
]

/** Every type of event that an agent sends. */
export type EventType = MemberEventType | 'user' | 'query'

const EVENT_TYPES: readonly string[] = [...MEMBER_EVENT_TYPES, 'user', 'query']

export function isEventType(text: string): text is EventType {
  return EVENT_TYPES.includes(text)
}

export function isMemberEventType(text: string): text is MemberEventType {
  return MEMBER_EVENT_TYPES.some((type) => type === text)
}
