import type { EventKind, EventType } from '../../messages'

export function kindOf({ type }: { type: EventType }): EventKind {
  return type === 'user' || type === 'query' ? type : 'member'
}
