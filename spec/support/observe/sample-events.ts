import { of } from 'rxjs'
import type { MemberEvent, MemberEventType, QueryEvent, UserEvent } from '../../../lib/events/event'

export function userEvent(name: string, text = ''): UserEvent {
  return { type: 'user', name, ltime: 1, payload: Buffer.from(text), text, coalesce: false }
}

export function queryEvent(
  name: string,
  text = '',
  respond: QueryEvent['respond'] = () => of(undefined),
): QueryEvent {
  return { type: 'query', name, ltime: 1, payload: Buffer.from(text), text, id: 1, respond }
}

export function memberEvent(type: MemberEventType): MemberEvent {
  return { type, members: [] }
}
