import { defer, Observable, retry, shareReplay, timer } from 'rxjs'
import { type Client, createClient } from 'serfx'
import { messageOf } from '../message-of'

export interface AgentOptions {
  host: string
  port: number
  /** Default: none. */
  authKey?: string | undefined
}

/**
 * The delay after a failure that ends the client, in ms: an agent that was never there, or a rejected key.
 */
const TRY_AGAIN = 2_000

/**
 * The one client of this server, for any number of pages; another one when it has failed for good.
 * Shared and replayed.
 */
export function clientsOf(options: AgentOptions, failed: (message: string) => void): Observable<Client> {
  const client$ = defer(
    () =>
      new Observable<Client>((subscriber) => {
        const client = createClient({
          ...options,
          authKey: options.authKey ?? '',
          reconnect: { maxDelay: 1_000 },
          heartbeat: 10_000,
          watchDrops: true,
        })
        subscriber.add(() => client.close())
        subscriber.next(client)
        // The stream of events also shows when the client has ended.
        const [over, seen] = [(error: unknown) => subscriber.error(error), () => undefined]
        subscriber.add(client.stream('*').subscribe({ next: seen, error: over }))
      }),
  )
  return client$.pipe(
    retry({
      delay: (error: unknown) => {
        failed(messageOf(error))
        return timer(TRY_AGAIN)
      },
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  )
}
