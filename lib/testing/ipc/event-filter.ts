import { MEMBER_EVENT_TYPES } from '../../events/event-types'

/** One entry of a stream's filter list: an event, and for user events and queries perhaps a name. */
export interface EventFilterEntry {
  event: string
  /** Empty is any. */
  name: string
}

const EVENTS: ReadonlySet<string> = new Set(['*', 'user', 'query', ...MEMBER_EVENT_TYPES])

/**
 * Parses a comma list; nothing is trimmed, and there are no wildcards. Returns `undefined` when an entry is
 * no filter.
 * Source: serf 0.9.4, cmd/serf/command/agent/event_handler.go.
 */
export function parseEventFilter(text: string): EventFilterEntry[] | undefined {
  const entries = (text === '' ? '*' : text).split(',').map(parseEntry)
  return entries.every(({ event }) => EVENTS.has(event)) ? entries : undefined
}

export function accepts(filter: readonly EventFilterEntry[], event: string, name: string): boolean {
  return filter.some(
    (entry) => entry.event === '*' || (entry.event === event && (entry.name === '' || entry.name === name)),
  )
}

function parseEntry(text: string): EventFilterEntry {
  const [, event, name] = /^(user|query):(.*)$/s.exec(text) ?? []
  return event === undefined ? { event: text, name: '' } : { event, name: name ?? '' }
}
