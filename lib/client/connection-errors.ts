/** The errors of a client's connection. Each message says what to do. */
import type { SerfError } from '../errors'
import { ConnectionError, TimeoutError } from '../errors'

const causedBy = (cause: SerfError | undefined): ErrorOptions | undefined =>
  cause === undefined ? undefined : { cause }

export function clientClosed(address: string, by: 'close()' | 'leave()'): ConnectionError {
  return new ConnectionError(
    `the client of ${address} was ended by ${by}; create another one`,
    'CLOSED',
    address,
  )
}

/** No address answered. */
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

/** A command whose answer was lost with its connection, and that is not sent again. */
export function lostInFlight(command: string, repeatable: boolean, error: ConnectionError): ConnectionError {
  const why = repeatable
    ? 'its timeout has passed, or the client does not reconnect'
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
    `the retries are used up (maxRetries: ${tries}): ${cause.message}`,
    cause.code,
    address,
    { cause },
  )
}

/** @param sent Whether it has been sent before, on a connection that was lost. */
export function timedOutWaiting(
  command: string,
  address: string,
  limit: number,
  sent: boolean,
  cause: SerfError | undefined,
): TimeoutError {
  const what = sent ? 'no answer, as there was no connection again' : 'not sent, as there was no connection'
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
