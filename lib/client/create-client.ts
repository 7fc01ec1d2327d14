import { Client } from './client'
import type { ClientOptions } from './options'

/**
 * Makes a long-lived client. It dials at the first subscription, shares one connection among all
 * subscriptions, reconnects when the agent comes back, and never keeps an idle process alive. Until there has
 * been a connection a failed dial errors at once, unless `waitOnFirstConnect` is set.
 * @throws TypeError for an option that does not exist or has the wrong type; RangeError for a value out of
 *   range.
 * @example
 * const client = createClient({ authKey: 'secret' })
 * client.stream('user:deploy').subscribe((event) => console.log(event.text))
 */
export function createClient(options?: ClientOptions): Client {
  return new Client(options)
}
