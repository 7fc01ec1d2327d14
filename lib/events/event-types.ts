import type { MemberEventType } from './event'

/** Every type of member event, in Serf's words. The compiler checks that none is missing. */
export const MEMBER_EVENT_TYPES = Object.keys({
  'member-join': true,
  'member-leave': true,
  'member-failed': true,
  'member-update': true,
  'member-reap': true,
} satisfies Record<MemberEventType, true>) as readonly MemberEventType[]

/** Every type of event that an agent sends. */
export type EventType = MemberEventType | 'user' | 'query'

const EVENT_TYPES: readonly string[] = [...MEMBER_EVENT_TYPES, 'user', 'query']

export function isEventType(text: string): text is EventType {
  return EVENT_TYPES.includes(text)
}

export function isMemberEventType(text: string): text is MemberEventType {
  return MEMBER_EVENT_TYPES.some((type) => type === text)
}
