/**
 * The messages between the server and a page, as JSON.
 * Names, tags, payloads and log lines come from other nodes. They are text, never markup.
 */

export type MemberStatus = 'none' | 'alive' | 'leaving' | 'left' | 'failed'

export interface ShownMember {
  name: string
  addr: string
  port: number
  tags: Record<string, string>
  status: MemberStatus
  protocolMin: number
  protocolMax: number
  protocolCur: number
}

export type MemberEventType =
  'member-join' | 'member-leave' | 'member-failed' | 'member-update' | 'member-reap'
export type EventType = MemberEventType | 'user' | 'query'

/** Bytes as text where they are UTF-8, else as hexadecimal digits. */
export type ShownPayload = { text: string } | { hex: string }

export interface ShownEvent {
  /** Grows with each event, also over a restart of the server. */
  id: number
  /** Milliseconds since 1970, when the server received it. */
  at: number
  type: EventType
  /** The name of a user event or query; the names of the members otherwise. */
  names: readonly string[]
  ltime?: number
  payload?: ShownPayload
}

export type EventKind = 'member' | 'user' | 'query'

/** The events of one second. */
export interface Rate extends Record<EventKind, number> {
  /** Seconds since 1970. */
  second: number
}

export type ConnectionStatus = 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'

export interface ShownGap {
  reason: 'reconnected' | 'dropped'
  /** Milliseconds since 1970. */
  at: number
}

export interface Connection {
  /** `host:port` of the agent. */
  address: string
  status: ConnectionStatus
  /** Milliseconds since 1970: how long it has had this status. */
  since: number
  /** The newest gaps, oldest first. */
  gaps: readonly ShownGap[]
  /** All gaps since the server started. */
  gapCount: number
  /** Why the agent cannot be read, if it cannot. */
  error?: string
}

/** What the agent's `stats` say, as far as an operator watches it. */
export interface AgentHealth {
  /** The name of the agent's own node. */
  name: string
  /** 0 is healthy. */
  healthScore: number
  eventQueue: number
  intentQueue: number
  queryQueue: number
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'err'

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'err']

export type Action = 'query' | 'event'

export const ACTIONS: readonly Action[] = ['query', 'event']

export interface ShownResponse {
  from: string
  payload: ShownPayload
}

/** The progress of a query. The lists hold what is new since the last message. */
export interface AskUpdate {
  /** The number that the page gave it. */
  id: number
  acks: readonly string[]
  responses: readonly ShownResponse[]
  /** With the first message: who was asked. */
  asked?: readonly string[]
  done?: boolean
  /** Why it failed. */
  error?: string
}

export interface LogUpdate {
  level: LogLevel
  lines: readonly string[]
  /** These lines replace all earlier ones. */
  fresh?: boolean
  error?: string
}

/** One message. A part that is left out has not changed. */
export interface Update {
  /** The server's clock, milliseconds since 1970. */
  now: number
  /** The page forgets what it knew: all parts of the cluster are in this message. */
  fresh?: { tab: string; allow: readonly Action[] }
  connection?: Connection
  health?: AgentHealth
  members?: { put: readonly ShownMember[]; removed: readonly string[] }
  /** Milliseconds from the agent, by member. Replaces all earlier ones. */
  roundTrips?: Record<string, number>
  events?: readonly ShownEvent[]
  rates?: readonly Rate[]
  log?: LogUpdate
  ask?: AskUpdate
}

/** What a page posts to `/query`. */
export interface QueryRequest {
  tab: string
  id: number
  name: string
  payload: string
  filterNodes: readonly string[]
  /** Patterns by tag. */
  filterTags: Record<string, string>
  /** Milliseconds. */
  timeout: number
}

/** What a page posts to `/event`. */
export interface EventRequest {
  name: string
  payload: string
  coalesce: boolean
}

/** What a page posts to `/log`. Without a level it follows none. */
export interface LogRequest {
  tab: string
  level: LogLevel | null
}
