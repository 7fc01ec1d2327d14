import { Client } from './client'
import type { ClientOptions } from './options'

/**
 * Makes a client that lives as long as you want: it dials at the first subscription, shares one connection among all, comes back when the
 * agent does, and never keeps an idle process alive. Until there has been a connection a failed dial errors at once.
 * @throws TypeError or RangeError for options that cannot be right.
 * @example
 * const client = createClient({ authKey: 'secret' })
 * client.stream('user:deploy').subscribe((event) => console.log(event.text))
 */
export function createClient(options?: ClientOptions): Client {
  return new Client(options)
}
