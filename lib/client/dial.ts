import { catchError, defer, type Observable, throwError } from 'rxjs'
import { Channel } from '../connection/channel'
import type { Clock } from '../connection/clock'
import { greetChannel, open } from '../connection/opening'
import { addressOf, type ResolvedOptions } from '../connection/options'
import { RpcError, type SerfError } from '../errors'
import { asSerfError, unreachable } from './connection-errors'

/** Dials and greets. Errors with the reason that the connection itself gives, which names no command. */
export function openChannel(options: ResolvedOptions, clock: Clock): Observable<Channel> {
  return defer(() => {
    const channel = new Channel(options, clock)
    return open(
      () => channel,
      () => greetChannel(channel, options),
    ).pipe(
      catchError((error: unknown) => {
        // Asked now: a moment later `open` has closed what it could not open.
        const reason = channel.endReason ?? error
        return throwError(() => reason)
      }),
    )
  })
}

/** Tries one address after the other, and errors when none is left; at once where an agent rejects the key. */
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
  return openChannel(options, clock).pipe(
    catchError((error: unknown) => {
      if (rejectsKey(error)) return throwError(() => error)
      failures.push({ address: addressOf(options.address), error: asSerfError(error) })
      return dialFrom(index + 1, connections, clock, failures)
    }),
  )
}

/** Whether the agent wants another key: asking again with the same one is no use. */
export function rejectsKey(error: unknown): boolean {
  return error instanceof RpcError && (error.code === 'INVALID_AUTH_TOKEN' || error.code === 'AUTH_REQUIRED')
}
