/** Numbers and texts of Serf's RPC. Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, unless it says otherwise. */
import type { RpcErrorCode } from '../errors'

/** The only version there is (`MaxIPCVersion`). */
export const IPC_VERSION = 1

/** Where an agent listens unless told otherwise (`DefaultConfig`, agent/config.go). */
export const DEFAULT_PORT = 7373

/** The largest message that is taken unless the user says otherwise: a cluster of 100,000 members makes some 24 MB. */
export const DEFAULT_MAX_FRAME_BYTES = 32 * 1024 * 1024

/** The largest that can be read at all, whatever the user says: 1 GiB. */
export const LARGEST_FRAME_BYTES = 2 ** 30

/** Containers within containers; the deepest that an agent sends has four (a list of members with their tags). */
export const MAX_DEPTH = 16

/** A message of mostly one-byte values costs many times its size in memory, so it may hold a value per four bytes at most. */
export const BYTES_PER_VALUE = 4

// Entries that a map of a reply may have. Building an object of millions of keys takes seconds, and no agent sends one.

/** Tags of a member have room in 512 bytes (`memberlist.MetaMaxSize`), two of which each needs at least. */
export const MAX_TAGS = 256
/** Entries of a section of `stats`, of which an agent sends some twenty. */
export const MAX_STATS = 1_024
/** Keys of a keyring. */
export const MAX_KEYS = 65_536
/** Nodes of a cluster, where a map has an entry for each. */
export const MAX_NODES = 262_144

/** Sent without a body by every command, also by those that send one along with their other errors. */
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
  INVALID_FILTER: 'see EventFilter for what an agent understands',
  INVALID_QUERY_ID: 'its deadline has passed, or another connection received it',
  UNSUPPORTED_COMMAND: 'this agent does not know it and closes the connection',
}

/** The code for an agent's error text. */
export function codeOf(text: string): RpcErrorCode {
  return CODES.get(text) ?? 'AGENT_ERROR'
}

/** What a user can do about it, where something can be said. */
export function adviceFor(code: RpcErrorCode): string | undefined {
  return ADVICE[code]
}
