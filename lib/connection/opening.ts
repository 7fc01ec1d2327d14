import {
  concat,
  defer,
  finalize,
  from,
  ignoreElements,
  Observable,
  type ObservableInput,
  switchMap,
} from 'rxjs'
import { authCall, type Call, handshakeCall } from '../protocol/calls'
import { Channel } from './channel'
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

/** One call on a channel of its own. */
export function runAlone<T>(options: ResolvedOptions, call: Call<T>): Observable<T> {
  const opening$ = open(
    () => new Channel(options),
    (channel) => greetChannel(channel, options),
  )
  return during(opening$, (channel) => channel.run(call))
}

export function greetChannel(channel: Channel, { authKey }: ResolvedOptions): Observable<never> {
  return greet(channel.run(handshakeCall()), channel.run(authCall(authKey)), authKey)
}
