/**
 * The base of all errors of serfx; five kinds extend it. Distinguish them by class or, across copies of the
 * package, by `code`. Each message names the command, the address if there is one, and what to do. No message
 * contains a key. `cause` is the error that led to it, if there is one.
 */
export class SerfError extends Error {
  override readonly name: string = 'SerfError'

  constructor(
    message: string,
    /** What happened, in upper case: `CONNECTION_LOST`. Unlike the message, it never changes. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The codes of {@link RpcError}: one for each known error text of Serf, and `AGENT_ERROR` for any other. */
export type RpcErrorCode =
  | 'AUTH_REQUIRED'
  | 'INVALID_AUTH_TOKEN'
  | 'HANDSHAKE_REQUIRED'
  | 'MONITOR_EXISTS'
  | 'INVALID_FILTER'
  | 'INVALID_QUERY_ID'
  | 'UNSUPPORTED_COMMAND'
  | 'AGENT_ERROR'

/** The agent answered a command with an error. The connection stays open, unless the agent closes it. */
export class RpcError extends SerfError {
  override readonly name = 'RpcError'
  override readonly code: RpcErrorCode
  /** The command, as the wire names it: `members-filtered`. */
  readonly command: string
  /** The sequence number of the request. */
  readonly seq: number
  /**
   * The body that the agent sent with the error: a `KeyReport` for the key commands, the number of nodes
   * reached for `join`, else `undefined`. It is not enumerable, because a key report contains keys, and
   * errors get logged.
   */
  declare readonly body: unknown

  constructor(
    message: string,
    details: { code: RpcErrorCode; command: string; seq: number; body?: unknown },
    options?: ErrorOptions,
  ) {
    super(message, details.code, options)
    this.code = details.code
    this.command = details.command
    this.seq = details.seq
    Object.defineProperty(this, 'body', { value: details.body, enumerable: false })
  }
}

/**
 * The connection could not be made, or it ended. `code` is that of the system (`ECONNREFUSED`, `ENOTFOUND`,
 * ...) when a dial failed, `CONNECTION_LOST` when an open connection ended, and `CLOSED` after `close()`.
 */
export class ConnectionError extends SerfError {
  override readonly name = 'ConnectionError'

  constructor(
    message: string,
    code: string,
    /** `host:port` of the agent. */
    readonly address: string,
    options?: ErrorOptions,
  ) {
    super(message, code, options)
  }
}

/**
 * No answer arrived within the option `timeout`. The command may have been carried out anyway. `code` is
 * `TIMEOUT`.
 */
export class TimeoutError extends SerfError {
  override readonly name = 'TimeoutError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'TIMEOUT', options)
  }
}

/** The bytes that arrived are not the protocol, or are more than allowed. `code` is `PROTOCOL_ERROR`. */
export class ProtocolError extends SerfError {
  override readonly name = 'ProtocolError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'PROTOCOL_ERROR', options)
  }
}

/** A handler script was not started by an agent, or its answer cannot be sent. */
export class HandlerError extends SerfError {
  override readonly name = 'HandlerError'
}
