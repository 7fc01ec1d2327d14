/** The errors of a connection, with messages that say what to do. */
import { ConnectionError, ProtocolError, RpcError, SerfError, TimeoutError } from '../errors'
import { codeOf, messageOf } from '../system-error'
import type { Request } from './request'

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there: is `serf agent` running, and is this its -rpc-addr?',
  ENOTFOUND: 'that host name does not resolve',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'nothing answers there: is the address right, and no firewall in between?',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
}

export function dialFailed(address: string, cause: unknown): ConnectionError {
  const code = codeOf(cause) ?? 'CONNECTION_FAILED'
  const hint = HINTS[code] ?? (cause === undefined ? 'the socket ended before it was open' : messageOf(cause))
  const message = `cannot connect to ${address} (${code}): ${hint}`
  return new ConnectionError(message, code, address, cause === undefined ? undefined : { cause })
}

export function dialTimedOut(address: string, limit: number): TimeoutError {
  return new TimeoutError(
    `cannot connect to ${address} within ${limit} ms: is the address right, and no firewall in between? ` +
      `Raise the option timeout if it takes longer`,
  )
}

export function connectionLost(address: string, midFrame: boolean, cause?: unknown): ConnectionError {
  const how = cause === undefined ? '' : ` (${codeOf(cause) ?? messageOf(cause)})`
  const where = midFrame ? ' in the middle of a message' : ''
  return new ConnectionError(
    `the connection to ${address} was lost${where}${how}: the agent stopped, or closed it; open a new one, or use createClient()`,
    'CONNECTION_LOST',
    address,
    cause === undefined ? undefined : { cause },
  )
}

export function connectionClosed(address: string): ConnectionError {
  return new ConnectionError(
    `the connection to ${address} was closed by close(); open a new one`,
    'CLOSED',
    address,
  )
}

export function notTheProtocol(address: string, cause: unknown): ProtocolError {
  return new ProtocolError(
    `the connection to ${address} was closed, because the other side does not speak Serf's protocol: ${messageOf(cause)}`,
    { cause },
  )
}

/**
 * When an agent hangs up while it works on a request with a pattern that may be bad, the pattern is the
 * reason.
 */
export function patternRefused(address: string, request: Request<unknown>): RpcError {
  const { command } = request.call
  return new RpcError(
    `${command}: ${address} hung up, as an agent does when a pattern is not RE2: check the filter`,
    { code: 'INVALID_FILTER', command, seq: request.seq },
  )
}

/** The error of a dial as a `SerfError`. Any other error comes from the user's option `socket`. */
export function asSerfError(error: unknown): SerfError {
  if (error instanceof SerfError) return error
  return new SerfError(`cannot connect: ${messageOf(error)}`, 'CONNECTION_FAILED', { cause: error })
}

/**
 * The error of a connection with the name of a command. An error that the agent itself has sent stays as it
 * is.
 */
export function errorForCommand(command: string, reason: SerfError): SerfError {
  const message = `${command}: ${reason.message}`
  const options = reason.cause === undefined ? undefined : { cause: reason.cause }
  if (reason instanceof ConnectionError)
    return new ConnectionError(message, reason.code, reason.address, options)
  if (reason instanceof TimeoutError) return new TimeoutError(message, options)
  if (reason instanceof ProtocolError) return new ProtocolError(message, options)
  return reason
}
