import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent } from './event'
import type { EventOfType } from './event-of-type'
import { isEventType } from './event-types'

/**
 * Passes on the events of these types, and narrows to them. It works on the events of streams and of scripts.
 * Stateless; completes, errors and unsubscribes with its source.
 * @throws TypeError at the call if no type is given, or for a type that no agent sends, since then no event
 *   would ever pass.
 * @example
 * events$.pipe(ofType('member-failed', 'member-leave')).subscribe((event) => console.error(event.members))
 */
export function ofType<E extends { type: string } = CommonEvent, const T extends E['type'] = E['type']>(
  ...types: readonly T[]
): OperatorFunction<E, EventOfType<E, T>> {
  if (types.length === 0) throw new TypeError('ofType: name at least one event type')
  const unknown = types.find((type) => !isEventType(type))
  if (unknown !== undefined) throw new TypeError(`ofType: no agent sends an event of type "${unknown}"`)
  const wanted: ReadonlySet<string> = new Set(types)
  return filter((event: E): event is EventOfType<E, T> => wanted.has(event.type))
}
