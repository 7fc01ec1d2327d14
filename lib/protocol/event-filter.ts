import type { MemberEvent, MemberEventType, QueryEvent, SerfEvent, UserEvent } from '../events/event'

/** Selects the events of a stream: all of them, a type, or the user events or queries of one name. */
export type EventFilter = '*' | 'user' | 'query' | MemberEventType | `user:${string}` | `query:${string}`

/** The events that a filter selects. */
export type EventOf<F extends EventFilter> = F extends '*'
  ? SerfEvent
  : F extends 'user' | `user:${string}`
    ? UserEvent
    : F extends 'query' | `query:${string}`
      ? QueryEvent
      : MemberEvent

/** The filters as the agent takes them, separated by commas. It would split a name that has a comma. */
export function filterText(filter: EventFilter | readonly EventFilter[]): string {
  const filters: readonly unknown[] = Array.isArray(filter) ? filter : [filter]
  if (filters.length === 0) throw new TypeError('an event filter must not be an empty list')
  for (const entry of filters) {
    if (typeof entry !== 'string' || entry === '')
      throw new TypeError('an event filter must be a non-empty string')
    if (entry.includes(',')) {
      throw new TypeError(
        `the event filter ${JSON.stringify(entry)} has a comma, at which the agent would split it: ` +
          `pass several filters as an array; for a name with a comma, use ofUser or ofQuery`,
      )
    }
  }
  return filters.join(',')
}
