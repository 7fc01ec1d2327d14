import { type Observable, type Subscriber, takeUntil, type TeardownLogic } from 'rxjs'
import { knownOptions } from '../arguments'
import type { SerfError } from '../errors'
import type { Payload } from '../payload'
import type { Call } from '../protocol/call'
import { authCall, handshakeCall, respondCall } from '../protocol/calls'
import { rawCall } from '../protocol/raw-call'
import type { Frame } from '../protocol/frame'
import { Channel } from './channel'
import { Commands } from './commands'
import { runOnOwnChannel } from './open-channel'
import { traced } from './tracing'
import { CONNECTION_OPTIONS, type ConnectionOptions, resolveOptions } from './options'

/**
 * One connection to an agent, under the full control of its user: `handshake()`, `auth()` if the agent
 * requires a key, commands, `close()`. The first command that is subscribed dials. A connection that has
 * ended does not dial again. `connect()` opens a connection for you; `createClient()` also reconnects.
 * @throws TypeError or RangeError for invalid options.
 * @example
 * const connection = new Connection()
 * concat(connection.handshake(), connection.members()).subscribe({
 *   next: console.log,
 *   complete: connection.close,
 * })
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

  /** Whether it has ended, by `close()` or by a loss. */
  get closed(): boolean {
    return this.#channel.closed
  }

  /**
   * Emits once when the connection has ended, the reason or `undefined` after `close()`, and completes.
   * Replayed. Does not dial.
   */
  get closed$(): Observable<SerfError | undefined> {
    return this.#channel.closed$
  }

  /**
   * Every frame that arrives, for debugging. Hot; completes with the connection. Frames are decoded only
   * while it has subscribers.
   */
  get frames$(): Observable<Frame> {
    return this.#channel.frames$
  }

  /**
   * The first command of every connection. Cold; emits `undefined`. A second handshake is an `RpcError`
   * (`AGENT_ERROR`), and the connection goes on. `connect()` does it for you.
   */
  readonly handshake = (): Observable<void> => this.run(handshakeCall())

  /**
   * Sends the key of the agent, after the handshake. Cold; emits `undefined`. A wrong key is an `RpcError`
   * (`INVALID_AUTH_TOKEN`), and the connection goes on. `connect()` does it for you.
   * @param key Default: the option `authKey`.
   */
  readonly auth = (key?: string): Observable<void> => this.run(authCall(key ?? this.#channel.options.authKey))

  /**
   * Answers a query that a stream of this connection has delivered. The `respond` of the event does the same.
   * Cold; emits `undefined` once the agent has accepted the answer. `RpcError` (`INVALID_QUERY_ID`) after the
   * deadline or for an id of another connection.
   * @throws RangeError for an id that is not an unsigned integer.
   */
  readonly respond = (id: number | bigint, payload?: Payload): Observable<void> =>
    this.run(respondCall(id, payload))

  /**
   * Sends any command with any body, and emits every frame that answers it, in Serf's own names. Cold. It
   * completes as that command does; for an unknown command, after the first frame. An error of the agent is
   * an `RpcError`.
   * @param body Pass integers beyond 2^53 as `bigint`.
   * @throws TypeError or RangeError for values that the wire cannot carry: fractions, dates, functions.
   * @example
   * connection.request('get-coordinate', { Node: 'web-1' }).subscribe(({ body }) => console.log(body))
   */
  readonly request = (command: string, body?: unknown): Observable<Frame> => this.run(rawCall(command, body))

  /**
   * Ends the connection. Streams, monitors and `frames$` complete. Commands and queries that wait for an
   * answer error with `ConnectionError`, code `CLOSED`, and so does every later subscription. It can be
   * called again.
   */
  readonly close = (): void => this.#channel.close();

  [Symbol.dispose](): void {
    this.close()
  }

  /** What `console.log` shows: the address and the state, but no key. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Connection { ${this.#channel.address}, ${this.closed ? 'closed' : 'open'} }`
  }

  /** @internal */
  protected override run<T>(call: Call<T>): Observable<T> {
    return this.#traced(call, (subscriber) => this.#channel.start(call, subscriber))
  }

  /** @internal */
  protected override get ended(): boolean {
    return this.closed
  }

  /** @internal */
  protected override runOnOwnConnection<T>(call: Call<T>): Observable<T> {
    const channel = this.#channel
    return this.#traced(call, (subscriber) =>
      // A channel that has ended refuses it, not at once where it is tried again and again.
      channel.closed
        ? channel.start(call, subscriber)
        : runOnOwnChannel(channel.options, call)
            .pipe(takeUntil(channel.ended(call.command)))
            .subscribe(subscriber),
    )
  }

  #traced<T>(call: Call<T>, subscribe: (subscriber: Subscriber<T>) => TeardownLogic): Observable<T> {
    return traced(call, () => this.#channel.address, subscribe)
  }
}
