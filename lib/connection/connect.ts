import { map, type Observable, type ObservableInput } from 'rxjs'
import { knownOptions } from '../arguments'
import { Connection } from './connection'
import { closingAfter, openChannel } from './open-channel'
import { CONNECTION_OPTIONS, type ConnectionOptions, resolveOptions } from './options'

/**
 * Opens a connection: dials, shakes hands, shows the key if there is one.
 *
 * Given what to do with it, the connection lives as long as that: it is closed when the Observable (promise, ...) that `use`
 * returns has ended or is unsubscribed. Without, it emits the ready connection and completes; whoever subscribed then
 * owns it and calls `close()`. Cold: each subscription opens its own.
 *
 * Errors: `ConnectionError` (`ECONNREFUSED`, `ENOTFOUND`, ...), `TimeoutError` when nobody answers, `RpcError`
 * (`INVALID_AUTH_TOKEN`, `AUTH_REQUIRED`), `ProtocolError` where something else listens.
 * @throws TypeError or RangeError for options that cannot be right.
 * @example
 * connect((connection) => connection.members()).subscribe((members) => console.table(members))
 */
export function connect(options?: ConnectionOptions): Observable<Connection>
export function connect<T>(use: (connection: Connection) => ObservableInput<T>): Observable<T>
export function connect<T>(
  options: ConnectionOptions,
  use: (connection: Connection) => ObservableInput<T>,
): Observable<T>
export function connect<T>(
  first: ConnectionOptions | ((connection: Connection) => ObservableInput<T>) = {},
  second?: (connection: Connection) => ObservableInput<T>,
): Observable<Connection | T> {
  const [options, use] = typeof first === 'function' ? [{}, first] : [first, second]
  const resolved = resolveOptions(knownOptions(options, CONNECTION_OPTIONS, 'the options of connect'))
  const connection$ = openChannel(resolved).pipe(map((channel) => new Connection(channel)))
  return use ? connection$.pipe(closingAfter(use)) : connection$
}
