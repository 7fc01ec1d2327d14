import type { MemberEventType } from '../../events/event'
import type { RunningQuery } from './running-query'

/** What happens at an agent and goes to those who stream it. */
export type AgentEvent =
  | { readonly event: 'query'; readonly name: string; readonly query: RunningQuery }
  | {
      readonly event: 'user' | MemberEventType
      /** Empty for what happens to members. */
      readonly name: string
      /** The bytes of its record. */
      readonly record: Buffer
    }

/** Takes events as they happen. */
export interface EventListener {
  offer(event: AgentEvent): void
}
