import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent, MemberEventType } from './event'
import type { EventOfType } from './event-of-type'
import { isMemberEventType, MEMBER_EVENT_TYPES } from './event-types'

/**
 * Passes on the member events of these types, or of all five types if none is given. The type narrows to the
 * member event of the source, a stream or a script. Stateless; completes, errors and unsubscribes with its
 * source.
 * @throws TypeError at the call for any other type.
 * @example
 * events$.pipe(ofMember('member-join')).subscribe((event) => console.error(event.members))
 */
export function ofMember<
  E extends { type: string } = CommonEvent,
  const T extends MemberEventType = MemberEventType,
>(...types: readonly T[]): OperatorFunction<E, EventOfType<E, T>> {
  const named: readonly string[] = types
  const unknown = named.find((type) => !isMemberEventType(type))
  if (unknown !== undefined) throw new TypeError(`ofMember: "${unknown}" is not a type of member event`)
  const wanted: ReadonlySet<string> = new Set(named.length === 0 ? MEMBER_EVENT_TYPES : named)
  return filter((event: E): event is EventOfType<E, T> => wanted.has(event.type))
}
