import type { MemberEvent, MemberEventType, QueryEvent, SerfEvent, UserEvent } from '../events/event'

/** What a stream may be narrowed to: all, a type, or one name of user events or queries. */
export type EventFilter = '*' | 'user' | 'query' | MemberEventType | `user:${string}` | `query:${string}`

/** The events that come through a filter. */
export type EventOf<F extends EventFilter> = F extends '*'
  ? SerfEvent
  : F extends 'user' | `user:${string}`
    ? UserEvent
    : F extends 'query' | `query:${string}`
      ? QueryEvent
      : MemberEvent

/** The agent's comma list. It splits names too, so a name with a comma cannot be asked for. */
export function filterText(filter: EventFilter | readonly EventFilter[]): string {
  const filters: readonly unknown[] = Array.isArray(filter) ? filter : [filter]
  if (filters.length === 0) throw new TypeError('an event filter must not be an empty list')
  for (const entry of filters) {
    if (typeof entry !== 'string' || entry === '')
      throw new TypeError('an event filter must be a non-empty string')
    if (entry.includes(',')) {
      throw new TypeError(
        `the event filter ${JSON.stringify(entry)} has a comma, at which the agent would split it: ` +
          `pass several filters as an array; a name with a comma cannot be filtered by the agent, use ofUser or ofQuery`,
      )
    }
  }
  return filters.join(',')
}
