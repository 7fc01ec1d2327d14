/** The only way to open a channel with its handshake: dial, handshake, key. */
import { catchError, concat, defer, finalize, from, Observable, type ObservableInput, switchMap } from 'rxjs'
import type { Call } from '../protocol/call'
import { authCall, handshakeCall } from '../protocol/calls'
import { Channel } from './channel'
import { type Clock, systemClock } from './clock'
import { asSerfError, errorForCommand } from './connection-errors'
import { limitOf, type ResolvedOptions } from './options'

export interface OpenSettings {
  readonly clock?: Clock | undefined
  /** Whether it never keeps the process alive, from the dial on. Default: false. */
  readonly unref?: boolean | undefined
}

/**
 * Opens a channel, emits it once it is ready, and completes. Cold. From then on the channel belongs to the
 * subscriber. When opening fails or is unsubscribed, the channel is closed. The error is that of the
 * connection and names no command.
 */
export function openChannel(
  options: ResolvedOptions,
  { clock = systemClock, unref = false }: OpenSettings = {},
): Observable<Channel> {
  return new Observable((subscriber) => {
    const channel = new Channel(options, clock)
    if (unref) channel.unref()
    let handedOver = false
    subscriber.add(() => {
      if (!handedOver) channel.close()
    })
    subscriber.add(
      greet(channel).subscribe({
        error: (error: unknown) => subscriber.error(channel.endReason ?? error),
        complete: () => {
          handedOver = true
          subscriber.next(channel)
          subscriber.complete()
        },
      }),
    )
  })
}

/** Runs `use` on a channel, and closes the channel when the result of `use` ends. */
export function withChannel<T>(
  options: ResolvedOptions,
  use: (channel: Channel) => ObservableInput<T>,
  settings?: OpenSettings,
): Observable<T> {
  return openChannel(options, settings).pipe(closingAfter(use))
}

/** Runs `use` on each connection, and closes the connection when the result of `use` ends. */
export function closingAfter<C extends { close(): void }, T>(use: (connection: C) => ObservableInput<T>) {
  return switchMap((connection: C) =>
    defer(() => from(use(connection))).pipe(finalize(() => connection.close())),
  )
}

/**
 * Runs one call on a channel of its own.
 * @param limit How long its reply may take, in ms; 0 is no limit.
 * @param onReady Called when the channel is ready, before the call is sent.
 */
export function runOnOwnChannel<T>(
  options: ResolvedOptions,
  call: Call<T>,
  limit = limitOf(call, options),
  settings?: OpenSettings,
  onReady: () => void = () => undefined,
): Observable<T> {
  return openChannel(options, settings).pipe(
    catchError((error: unknown) => {
      throw errorForCommand(call.command, asSerfError(error))
    }),
    closingAfter((channel) => {
      onReady()
      return channel.run(call, limit)
    }),
  )
}

/** The handshake, then the key if there is one. Nothing may be sent before this completes. */
function greet(channel: Channel): Observable<void> {
  const { authKey } = channel.options
  const handshake$ = channel.run(handshakeCall())
  return authKey === '' ? handshake$ : concat(handshake$, channel.run(authCall(authKey)))
}
