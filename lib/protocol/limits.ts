/**
 * Numbers and texts of Serf's RPC. Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, unless stated
 * otherwise.
 */
import type { RpcErrorCode } from '../errors'

/** The only version (`MaxIPCVersion`). */
export const IPC_VERSION = 1

/** The port of an agent by default (`DefaultConfig`, agent/config.go). */
export const DEFAULT_PORT = 7373

/** The largest message by default. The list of 100,000 members has about 24 MB. */
export const DEFAULT_MAX_FRAME_BYTES = 32 * 1024 * 1024

/** The largest message that a user can allow: 1 GiB. */
export const LARGEST_FRAME_BYTES = 2 ** 30

/** Containers within containers. An agent sends at most four levels: a list of members with their tags. */
export const MAX_DEPTH = 16

/**
 * A message of one-byte values takes many times its size in memory, so a message may hold one value per four
 * bytes.
 */
export const BYTES_PER_VALUE = 4

// The most entries of maps in replies. An object with millions of keys takes seconds to build, and no agent
// sends one.

/** The tags of a member fit in 512 bytes (`memberlist.MetaMaxSize`), and each takes two at least. */
export const MAX_TAGS = 256
/** Entries of a section of `stats`. An agent sends about twenty. */
export const MAX_STATS = 1_024
/** Keys of a keyring. */
export const MAX_KEYS = 65_536
/** Nodes of a cluster, in a map with an entry for each. */
export const MAX_NODES = 262_144

/** These errors never have a body, not even those of commands that send a body with their other errors. */
export const HANDSHAKE_REQUIRED = 'Handshake required'
export const AUTH_REQUIRED = 'Authentication required'

const CODES = new Map<string, RpcErrorCode>([
  [AUTH_REQUIRED, 'AUTH_REQUIRED'],
  ['Invalid authentication token', 'INVALID_AUTH_TOKEN'],
  [HANDSHAKE_REQUIRED, 'HANDSHAKE_REQUIRED'],
  ['Monitor already exists', 'MONITOR_EXISTS'],
  ['Invalid event filter', 'INVALID_FILTER'],
  ['No pending queries matching ID', 'INVALID_QUERY_ID'],
  ['Unsupported command', 'UNSUPPORTED_COMMAND'],
])

/** After these the agent closes the connection. */
export const HANGS_UP_AFTER: ReadonlySet<RpcErrorCode> = new Set([
  'HANDSHAKE_REQUIRED',
  'UNSUPPORTED_COMMAND',
])

const ADVICE: Partial<Record<RpcErrorCode, string>> = {
  AUTH_REQUIRED: 'pass its rpc_auth as `authKey`, or set SERF_RPC_AUTH',
  INVALID_AUTH_TOKEN: '`authKey` (or SERF_RPC_AUTH) is not the rpc_auth of this agent',
  HANDSHAKE_REQUIRED: 'call handshake() first, or open the connection with connect()',
  MONITOR_EXISTS: 'a connection carries one monitor: open another connection, or use createClient()',
  INVALID_FILTER: 'see EventFilter for the filters that exist',
  INVALID_QUERY_ID: 'its deadline has passed, or another connection received it',
  UNSUPPORTED_COMMAND: 'this agent does not know it and closes the connection',
}

/** The code for an agent's error text. */
export function codeOf(text: string): RpcErrorCode {
  return CODES.get(text) ?? 'AGENT_ERROR'
}

/** What a user can do about it, if there is something to say. */
export function adviceFor(code: RpcErrorCode): string | undefined {
  return ADVICE[code]
}
