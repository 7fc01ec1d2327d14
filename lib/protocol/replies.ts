// The types that the commands emit. Names of the wire appear only in `records/`.

/** The answers of all nodes to a keyring command. */
export interface KeyReport {
  /** How many nodes hold each key (base64). Empty for all commands but `listKeys`. */
  keys: Record<string, number>
  /** The error messages by node. */
  messages: Record<string, string>
  /** Nodes that reported a failure. */
  numErr: number
  /** Nodes that were asked. */
  numNodes: number
  /** Nodes that answered. */
  numResp: number
}

/**
 * The statistics of an agent. All values are strings, as the agent sends them. The named keys are those of
 * Serf 0.9.4, which sends all of them. Other versions may send fewer or more.
 */
export interface AgentStats {
  agent: { name: string }
  serf: SerfStats & Record<string, string>
  runtime: RuntimeStats & Record<string, string>
  /** The tags of the agent. */
  tags: Record<string, string>
  /** The scripts of the agent by the event that starts them: `user:deploy`, `member-join:`. */
  event_handlers: Record<string, string>
}

/**
 * What an agent knows about its cluster.
 * Source: serf serf/serf.go `Stats`.
 */
export interface SerfStats {
  /** How many members the agent lists, whatever their status. */
  members?: string
  /** How many of them are `failed`. */
  failed?: string
  /** How many of them are `left`. */
  left?: string
  /** 0 is healthy; each point more makes the agent slower to suspect others. */
  health_score?: string
  /** The Lamport clock of member changes. */
  member_time?: string
  /** The Lamport clock of user events. */
  event_time?: string
  /** The Lamport clock of queries. */
  query_time?: string
  /** How many member changes wait to be passed on. */
  intent_queue?: string
  /** How many user events wait to be passed on. */
  event_queue?: string
  /** How many queries wait to be passed on. */
  query_queue?: string
  /** Whether gossip is encrypted: `true` or `false`. */
  encrypted?: string
  /** How often the coordinate became invalid and was reset. Absent with `disable_coordinates`. */
  coordinate_resets?: string
}

/**
 * The process of an agent.
 * Source: serf cmd/serf/command/agent/util.go `runtimeStats`.
 */
export interface RuntimeStats {
  /** `linux` */
  os?: string
  /** `amd64` */
  arch?: string
  /** The version of Go, not of Serf: `go1.19.8`. */
  version?: string
  /** How many threads may run Go code at once. */
  max_procs?: string
  goroutines?: string
  cpu_count?: string
}

/**
 * The position of a node in the network. The distance of two coordinates estimates the round-trip time (see
 * `rtt()`).
 */
export interface Coordinate {
  vec: number[]
  /** Seconds. */
  height: number
  /** Seconds. */
  adjustment: number
  /** The estimated error, without unit. Lower is better. */
  error: number
}

/** A node has received the query. */
export interface QueryAck {
  type: 'ack'
  from: string
}

/** A node's answer to a query. */
export interface QueryResponse {
  type: 'response'
  from: string
  /** A copy of the bytes. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
}

/** How much a monitor emits. Each level includes those after it. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'err'

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'err']
