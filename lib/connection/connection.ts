import { type Observable, takeUntil } from 'rxjs'
import { knownOptions } from '../arguments'
import type { SerfError } from '../errors'
import type { Payload } from '../payload'
import { authCall, type Call, handshakeCall, rawCall, respondCall } from '../protocol/calls'
import type { Frame } from '../protocol/frames'
import { Channel } from './channel'
import { Commands } from './commands'
import { runOnOwnChannel } from './open-channel'
import { traced } from './tracing'
import { CONNECTION_OPTIONS, type ConnectionOptions, resolveOptions } from './options'

/**
 * One connection to an agent, in full control of its user: `handshake()`, `auth()` where the agent wants a key, commands,
 * `close()`. It is dialled by the first command that is subscribed, and when it has ended it is not dialled again.
 * `connect()` does the opening for you; `createClient()` also outlives the agent.
 * @throws TypeError or RangeError for options that cannot be right.
 * @example
 * const connection = new Connection()
 * concat(connection.handshake(), connection.members()).subscribe({ next: console.log, complete: connection.close })
 */
export class Connection extends Commands {
  readonly #channel: Channel

  constructor(options?: ConnectionOptions)
  /** @internal */
  constructor(channel: Channel)
  constructor(from: ConnectionOptions | Channel = {}) {
    super()
    this.#channel =
      from instanceof Channel
        ? from
        : new Channel(resolveOptions(knownOptions(from, CONNECTION_OPTIONS, 'the options of Connection')))
  }

  get host(): string {
    return this.#channel.options.address.host
  }

  get port(): number {
    return this.#channel.options.address.port
  }

  /** Whether it has ended, by `close()` or by itself. */
  get closed(): boolean {
    return this.#channel.closed
  }

  /** Emits once, when the connection has ended: why, or `undefined` after `close()`; then completes. Late subscribers get it too. */
  get closed$(): Observable<SerfError | undefined> {
    return this.#channel.closed$
  }

  /** Every frame that arrives, for debugging: hot, decoded only while somebody listens, completes with the connection. */
  get frames$(): Observable<Frame> {
    return this.#channel.frames$
  }

  /** Comes first on every connection. A second one is an `RpcError`. */
  readonly handshake = (): Observable<void> => this.run(handshakeCall())

  /**
   * Shows the agent its key, after the handshake.
   * @param key Default: the option `authKey`.
   * @throws RpcError `INVALID_AUTH_TOKEN`; the connection goes on.
   */
  readonly auth = (key?: string): Observable<void> => this.run(authCall(key ?? this.#channel.options.authKey))

  /**
   * Answers a query that a stream of this connection has delivered; the event's own `respond` is the same.
   * @throws RpcError `INVALID_QUERY_ID` past the deadline or for an id of another connection; RangeError for an id that is none.
   */
  readonly respond = (id: number | bigint, payload?: Payload): Observable<void> =>
    this.run(respondCall(id, payload))

  /**
   * Any command with any body in Serf's own words, and every frame that answers it. A known command ends as that command
   * does, an unknown one with its first frame. Integers beyond 2^53 go as `bigint`.
   * @throws TypeError or RangeError for what the wire cannot carry: fractions, dates, functions.
   * @example
   * connection.request('get-coordinate', { Node: 'web-1' }).subscribe(({ body }) => console.log(body))
   */
  readonly request = (command: string, body?: unknown): Observable<Frame> => this.run(rawCall(command, body))

  /**
   * Ends the connection. Streams, monitors and `frames$` complete. What still waits for an answer errors with `ConnectionError`, code
   * `CLOSED`, and so does every later subscription. May be called again.
   */
  readonly close = (): void => this.#channel.close();

  [Symbol.dispose](): void {
    this.close()
  }

  /** What `console.log` shows: where it leads, and no key. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Connection { ${this.#channel.address}, ${this.closed ? 'closed' : 'open'} }`
  }

  /** @internal */
  protected override run<T>(call: Call<T>): Observable<T> {
    return this.#traced(call, this.#channel.run(call))
  }

  /** @internal */
  protected override runOnOwnConnection<T>(call: Call<T>): Observable<T> {
    return this.#traced(
      call,
      runOnOwnChannel(this.#channel.options, call).pipe(takeUntil(this.#channel.ended(call.command))),
    )
  }

  #traced<T>(call: Call<T>, values$: Observable<T>): Observable<T> {
    return traced(call, () => this.#channel.address, values$)
  }
}
