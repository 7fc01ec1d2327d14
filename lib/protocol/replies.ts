/** What the commands answer, in our own words. Wire names appear in `records.ts` alone. */

/** What the nodes answered to a keyring command. */
export interface KeyReport {
  /** How many nodes hold each key (base64); filled by `listKeys` alone. */
  keys: Record<string, number>
  /** What went wrong, by node. */
  messages: Record<string, string>
  /** Nodes that reported a failure. */
  numErr: number
  /** Nodes that were asked. */
  numNodes: number
  /** Nodes that answered. */
  numResp: number
}

/** What an agent tells about itself; all values are strings, as it sends them. */
export interface AgentStats {
  agent: { name: string }
  serf: Record<string, string>
  runtime: Record<string, string>
  tags: Record<string, string>
  event_handlers: Record<string, string>
}

/** Where a node lies in the network: distances of these estimate round trips (see `rtt`). */
export interface Coordinate {
  vec: number[]
  /** Seconds. */
  height: number
  /** Seconds. */
  adjustment: number
  /** Confidence, without unit: lower is better. */
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
  /** Bytes of its own. */
  payload: Buffer
  /** `payload` as UTF-8, decoded when it is read. */
  readonly text: string
}

/** How much a monitor tells; each includes those after it. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'err'
