import type {
  Action,
  AgentHealth,
  Connection,
  LogLevel,
  Rate,
  ShownEvent,
  ShownMember,
  ShownResponse,
} from '../../messages'

export interface AskState {
  id: number
  asked: readonly string[]
  acks: ReadonlySet<string>
  responses: readonly ShownResponse[]
  done: boolean
  error: string | undefined
}

export interface LogState {
  level: LogLevel | undefined
  /** Newest first. */
  lines: readonly LogEntry[]
  error: string | undefined
}

export interface LogEntry {
  id: number
  line: string
}

/** All that the page knows. */
export interface State {
  /** Whether the server is connected, and since when (the page's clock). */
  link: 'connecting' | 'live' | 'lost'
  linkSince: number
  /** How far the server's clock is ahead of the page's, in ms. */
  ahead: number
  tab: string | undefined
  allow: readonly Action[]
  connection: Connection | undefined
  health: AgentHealth | undefined
  members: ReadonlyMap<string, ShownMember>
  /** When a member changed while the page was open: the page's clock, by name. */
  changed: ReadonlyMap<string, number>
  roundTrips: ReadonlyMap<string, number>
  /** Newest first. */
  events: readonly ShownEvent[]
  /** Oldest first. */
  rates: readonly Rate[]
  log: LogState
  ask: AskState | undefined
}

export const initialState = (now: number): State => ({
  link: 'connecting',
  linkSince: now,
  ahead: 0,
  tab: undefined,
  allow: [],
  connection: undefined,
  health: undefined,
  members: new Map(),
  changed: new Map(),
  roundTrips: new Map(),
  events: [],
  rates: [],
  log: { level: undefined, lines: [], error: undefined },
  ask: undefined,
})
