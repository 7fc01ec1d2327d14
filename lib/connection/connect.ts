import { map, type Observable, type ObservableInput } from 'rxjs'
import { knownOptions, shown } from '../arguments'
import { Connection } from './connection'
import { closingAfter, openChannel } from './open-channel'
import { CONNECTION_OPTIONS, type ConnectionOptions, resolveOptions } from './options'

/**
 * Opens a connection: dials, does the handshake, and sends the key if there is one. Emits the ready
 * connection and completes. The subscriber then owns the connection and calls `close()`. Unsubscribing before
 * that closes the socket. Cold: each subscription opens a connection.
 *
 * Errors: `ConnectionError` (`ECONNREFUSED`, `ENOTFOUND`, ...), `TimeoutError` when nobody answers,
 * `RpcError` (`INVALID_AUTH_TOKEN`, `AUTH_REQUIRED`), `ProtocolError` when something else listens there.
 * @throws TypeError or RangeError for invalid options.
 * @example
 * connect({ port: 7374 }).subscribe((connection) =>
 *   connection.members().subscribe({ next: console.table, complete: connection.close }),
 * )
 */
export function connect(options?: ConnectionOptions): Observable<Connection>
/**
 * Opens a connection to the default agent, emits the values of the Observable or promise that `use` returns,
 * and closes the connection when that ends or is unsubscribed. Cold: each subscription opens a connection.
 * Errors as without `use`, and as what `use` returns does.
 * @example
 * connect((connection) => connection.members()).subscribe((members) => console.table(members))
 */
export function connect<T>(use: (connection: Connection) => ObservableInput<T>): Observable<T>
/**
 * The same with options.
 * @throws TypeError or RangeError for invalid options.
 * @example
 * connect({ port: 7374 }, (connection) => connection.members()).subscribe((members) =>
 *   console.table(members),
 * )
 */
export function connect<T>(
  options: ConnectionOptions,
  use: (connection: Connection) => ObservableInput<T>,
): Observable<T>
export function connect<T>(
  first: ConnectionOptions | ((connection: Connection) => ObservableInput<T>) = {},
  second?: (connection: Connection) => ObservableInput<T>,
): Observable<Connection | T> {
  const [options, use] = typeof first === 'function' ? [{}, first] : [first, second]
  if (use !== undefined && typeof use !== 'function') {
    throw new TypeError(
      `the second argument of connect must be a function of the connection, not ${shown(use)}`,
    )
  }
  const resolved = resolveOptions(knownOptions(options, CONNECTION_OPTIONS, 'the options of connect'))
  const connection$ = openChannel(resolved).pipe(map((channel) => new Connection(channel)))
  return use ? connection$.pipe(closingAfter(use)) : connection$
}
