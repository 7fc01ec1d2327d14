/**
 * The errors of serfx: one base, five kinds, told apart by class or, across copies of the package, by `code`.
 * Each message names the command, the address where there is one, and what to do. No key ever gets into one.
 */

/** What every error of serfx is: a `code` to match on, the `cause` where another error led to it. */
export class SerfError extends Error {
  override readonly name: string = 'SerfError'

  constructor(
    message: string,
    /** Stable, upper-case, for `switch`; the message may change, this does not. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The codes of {@link RpcError}: Serf's known error texts, and `AGENT_ERROR` for every other. */
export type RpcErrorCode =
  | 'AUTH_REQUIRED'
  | 'INVALID_AUTH_TOKEN'
  | 'HANDSHAKE_REQUIRED'
  | 'MONITOR_EXISTS'
  | 'INVALID_FILTER'
  | 'INVALID_QUERY_ID'
  | 'UNSUPPORTED_COMMAND'
  | 'AGENT_ERROR'

/** The agent answered a command with an error. The connection goes on, unless the agent closes it. */
export class RpcError extends SerfError {
  override readonly name = 'RpcError'
  override readonly code: RpcErrorCode
  /** The command, as the wire names it: `members-filtered`. */
  readonly command: string
  /** The sequence number of the request. */
  readonly seq: number
  /**
   * What the agent sent along with the error: a `KeyReport` for the key commands, the number of nodes joined for `join`,
   * else `undefined`. Not enumerable: a key report holds keys, and an error gets logged.
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
 * The connection could not be made, or ended. `code` is the system's (`ECONNREFUSED`, `ENOTFOUND`, ...) for a dial that failed,
 * `CONNECTION_LOST` when an open connection ended, `CLOSED` after `close()`.
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

/** No answer within the option `timeout`. The command may have been carried out all the same. `code` is `TIMEOUT`. */
export class TimeoutError extends SerfError {
  override readonly name = 'TimeoutError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'TIMEOUT', options)
  }
}

/** Bytes that are not the protocol, or more of them than allowed. The connection is over. `code` is `PROTOCOL_ERROR`. */
export class ProtocolError extends SerfError {
  override readonly name = 'ProtocolError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'PROTOCOL_ERROR', options)
  }
}

/** A handler script that was started wrongly, or whose answer cannot be sent. */
export class HandlerError extends SerfError {
  override readonly name = 'HandlerError'
}
