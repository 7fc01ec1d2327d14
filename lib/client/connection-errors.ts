/** How a command of a client can end without an answer, in words that say what to do. */
import { errorForCommand } from '../connection/connection-errors'
import { ConnectionError, RpcError, SerfError, TimeoutError } from '../errors'

const causedBy = (cause: SerfError | undefined): ErrorOptions | undefined =>
  cause === undefined ? undefined : { cause }

/** Whatever a dial may end with: anything but an error of ours comes from a socket that the user makes. */
export function asSerfError(error: unknown): SerfError {
  if (error instanceof SerfError) return error
  return new SerfError(`cannot connect: ${String(error)}`, 'CONNECTION_FAILED', { cause: error })
}

/** The same ending as one command sees it. What the agent itself said about the key is the same for all. */
export function endingOf(command: string, ending: SerfError): SerfError {
  return ending instanceof RpcError ? ending : errorForCommand(command, ending)
}

export function clientClosed(address: string, by: 'close()' | 'leave()'): ConnectionError {
  return new ConnectionError(
    `the client of ${address} was ended by ${by}; create another one`,
    'CLOSED',
    address,
  )
}

/** None of several addresses answered. */
export function unreachable(
  failures: readonly { address: string; error: SerfError }[],
): SerfError | ConnectionError {
  const [first, second] = failures
  if (first && !second) return first.error
  const addresses = failures.map(({ address }) => address).join(', ')
  return new ConnectionError(
    `cannot connect to any of ${addresses}: ${failures.map(({ error }) => error.message).join('; ')}`,
    failures.at(-1)?.error.code ?? 'CONNECTION_FAILED',
    addresses,
    { cause: new AggregateError(failures.map(({ error }) => error)) },
  )
}

/** What is not sent again after a loss. */
export function lostUnderWay(command: string, repeatable: boolean, error: ConnectionError): ConnectionError {
  const why = repeatable
    ? 'its time is over, or the client does not reconnect'
    : 'it may have been carried out, so it is not sent again'
  return new ConnectionError(
    `${command}: the connection to ${error.address} was lost before the answer came; ${why}`,
    error.code,
    error.address,
    error.cause === undefined ? undefined : { cause: error.cause },
  )
}

export function retriesSpent(address: string, tries: number, cause: SerfError): ConnectionError {
  return new ConnectionError(
    `no connection again after ${tries} tries (maxRetries): ${cause.message}`,
    cause.code,
    address,
    { cause },
  )
}

/** `sent`: whether it has been under way before, and the connection was lost. */
export function waitedInVain(
  command: string,
  address: string,
  limit: number,
  sent: boolean,
  cause: SerfError | undefined,
): TimeoutError {
  const what = sent ? 'no answer, for there was no connection again' : 'not sent, for there was no connection'
  const why = cause === undefined ? '' : `: ${cause.message}`
  return new TimeoutError(
    `${command}: ${what} to ${address} within ${limit} ms (the option timeout)${why}`,
    causedBy(cause),
  )
}

/** Nothing came for as long as the heartbeat allows. */
export function silent(address: string, interval: number): TimeoutError {
  return new TimeoutError(
    `${address} has been silent for ${2 * interval} ms, and did not answer the heartbeat`,
  )
}
