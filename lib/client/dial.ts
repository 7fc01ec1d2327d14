import { catchError, defer, type Observable, throwError } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock } from '../connection/clock'
import { asSerfError } from '../connection/connection-errors'
import { openChannel } from '../connection/open-channel'
import { addressOf, type ResolvedOptions } from '../connection/options'
import { RpcError, type SerfError } from '../errors'
import { unreachable } from './connection-errors'

/**
 * Tries one address after the other. Errors when all have failed, or at once when an agent rejects the key.
 */
export function dialInTurn(connections: readonly ResolvedOptions[], clock: Clock): Observable<Channel> {
  return defer(() => dialFrom(0, connections, clock, []))
}

function dialFrom(
  index: number,
  connections: readonly ResolvedOptions[],
  clock: Clock,
  failures: { address: string; error: SerfError }[],
): Observable<Channel> {
  const options = connections[index]
  if (!options) return throwError(() => unreachable(failures))
  return openChannel(options, { clock }).pipe(
    catchError((error: unknown) => {
      if (rejectsKey(error)) return throwError(() => error)
      failures.push({ address: addressOf(options.address), error: asSerfError(error) })
      return dialFrom(index + 1, connections, clock, failures)
    }),
  )
}

/** Whether the agent wants another key, so that dialling again with this one is no use. */
export function rejectsKey(error: unknown): boolean {
  return error instanceof RpcError && error.code === 'INVALID_AUTH_TOKEN'
}
