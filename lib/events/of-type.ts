import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent } from './event'
import type { EventOfType } from './event-of-type'
import { isEventType } from './event-types'

/**
 * Lets through the events of these types, and narrows to them. Works on the events of a stream and of a script alike.
 * Stateless; completes, errors and unsubscribes with its source.
 * @throws TypeError at the call, for no type at all or for one that no agent sends: it would never let anything through.
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
