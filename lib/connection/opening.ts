import {
  catchError,
  concat,
  defer,
  finalize,
  from,
  ignoreElements,
  Observable,
  type ObservableInput,
  switchMap,
  throwError,
} from 'rxjs'
import { authCall, type Call, handshakeCall } from '../protocol/calls'
import { Channel } from './channel'
import { type Clock, systemClock } from './clock'
import { asSerfError, errorForCommand } from './connection-errors'
import type { ResolvedOptions } from './options'

/** What can be opened and closed. */
interface Opening {
  close(): void
}

/** Handshake, then auth where there is a key. Completes when the connection is ready; nothing may go out earlier. */
export function greet(
  handshake$: Observable<void>,
  auth$: Observable<void>,
  authKey: string,
): Observable<never> {
  return (authKey === '' ? handshake$ : concat(handshake$, auth$)).pipe(ignoreElements())
}

/**
 * Makes a connection, greets, emits it, completes. From then on it belongs to the subscriber; given up before, or refused, it
 * is closed.
 */
export function open<C extends Opening>(
  make: () => C,
  greeting: (connection: C) => Observable<never>,
): Observable<C> {
  return new Observable((subscriber) => {
    const connection = make()
    let handedOver = false
    subscriber.add(() => {
      if (!handedOver) connection.close()
    })
    subscriber.add(
      greeting(connection).subscribe({
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          handedOver = true
          subscriber.next(connection)
          subscriber.complete()
        },
      }),
    )
  })
}

/** Runs `use` on a connection that lives as long as what `use` returns. */
export function during<C extends Opening, T>(
  opening$: Observable<C>,
  use: (connection: C) => ObservableInput<T>,
): Observable<T> {
  return opening$.pipe(
    switchMap((connection) => defer(() => from(use(connection))).pipe(finalize(() => connection.close()))),
  )
}

/**
 * Opens a channel: dials, shakes hands, shows the key if there is one. Errors with the reason why the channel ended, which names no
 * command.
 * @param held Whether the channel keeps the process alive.
 */
export function openChannel(options: ResolvedOptions, clock: Clock, held = true): Observable<Channel> {
  return defer(() => {
    const channel = new Channel(options, clock)
    if (!held) channel.unref()
    return open(
      () => channel,
      () => greet(channel.run(handshakeCall()), channel.run(authCall(options.authKey)), options.authKey),
    ).pipe(
      catchError((error: unknown) => {
        // Read before `open` closes the channel, which would be another reason.
        const reason = channel.endReason ?? error
        return throwError(() => reason)
      }),
    )
  })
}

/**
 * Runs one call on a channel of its own.
 * @param limit How long the reply may take, in ms; 0 is no limit. Default: the limit of its command.
 */
export function runAlone<T>(
  options: ResolvedOptions,
  call: Call<T>,
  clock: Clock = systemClock,
  limit?: number,
): Observable<T> {
  const channel$ = openChannel(options, clock).pipe(
    catchError((error: unknown) => throwError(() => errorForCommand(call.command, asSerfError(error)))),
  )
  return during(channel$, (channel) => channel.run(call, limit))
}
