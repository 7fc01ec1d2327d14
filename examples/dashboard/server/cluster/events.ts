import type { SerfEvent } from 'serfx'
import type { EventKind, ShownEvent } from '../../messages'
import { shownPayload } from './shown-payload'

export function shownEvent(event: SerfEvent, id: number, at: number): ShownEvent {
  switch (event.type) {
    case 'user':
    case 'query': {
      const { type, name, ltime, payload } = event
      return { id, at, type, names: [name], ltime, payload: shownPayload(payload) }
    }
    default:
      return { id, at, type: event.type, names: event.members.map(({ name }) => name) }
  }
}

export function kindOf({ type }: Pick<ShownEvent, 'type'>): EventKind {
  return type === 'user' || type === 'query' ? type : 'member'
}
