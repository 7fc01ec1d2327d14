import { EMPTY, type Observable, type Observer, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { NO_DEADLINE } from '../connection/deadlines'
import { runOnOwnChannel } from '../connection/open-channel'
import { ConnectionError, ProtocolError, RpcError, type SerfError, TimeoutError } from '../errors'
import type { Call } from '../protocol/call'
import type { Backoff } from './backoff'
import { lostInFlight, timedOutWaiting } from './connection-errors'
import { errorForCommand } from '../connection/connection-errors'
import { LIVENESS_CHECK } from './liveness-check'
import type { SharedConnection } from './shared-connection'
import type { Waiter } from './waiters'

/**
 * One command of one subscriber. It waits for the shared connection, is sent over that one or over a
 * connection of its own, and is sent again after a loss if its retry policy allows it.
 */
export class Operation<T> implements Waiter, Observer<T> {
  deadline = NO_DEADLINE
  linked = false
  before: Waiter | undefined
  after: Waiter | undefined
  /** What becomes of it after a loss. */
  readonly #policy: Call<T>['traits']['afterLoss']
  /** How long it may wait for a connection, and a read for its answer, in ms; 0 is no limit. */
  readonly #limit: number
  #startedAt: number
  /** The shared channel of the newest attempt. */
  #channel: Channel | undefined
  #inFlight: Subscription | undefined
  #attempts = 0
  #retryTimer: Timer | undefined
  #backoff: Backoff | undefined
  /** Whether it has been sent, which counts as accepted until the agent refuses it. */
  #accepted = false
  /** Whether its one reply has come. If its subscriber then closes the client, the command has not failed. */
  #replied = false
  #unsubscribed = false

  constructor(
    private readonly call: Call<T>,
    private readonly ownConnection: boolean,
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
    private readonly observer: Observer<T>,
  ) {
    this.#policy = call.traits.afterLoss
    this.#limit = connection.limitOf(call)
    this.#startedAt = clock.now()
  }

  start(): void {
    this.connection.attach(this)
    this.#attempt()
  }

  /** Called when it has ended, for whatever reason. */
  unsubscribe(): void {
    this.#unsubscribed = true
    this.#inFlight?.unsubscribe()
    this.#retryTimer?.cancel()
    this.connection.detach(this)
  }

  // These three observe the newest attempt.

  next(value: T): void {
    this.#replied = this.call.traits.reply !== 'records'
    this.observer.next(value)
  }

  error(error: unknown): void {
    this.#inFlight = undefined
    this.#onError(error)
  }

  complete(): void {
    this.#inFlight = undefined
    this.observer.complete()
  }

  /** Whether it has been sent and is not waiting for a connection. */
  get inFlight(): boolean {
    return this.#inFlight !== undefined
  }

  /** Whether it has been set up again after a loss. */
  get resumed(): boolean {
    return this.#accepted && this.#attempts > 1
  }

  survives(reason: SerfError): boolean {
    if (this.ownConnection || !this.inFlight || this.#resubscribes) return true
    return this.#policy === 'again' && reason instanceof ConnectionError
  }

  onConnected(channel: Channel): void {
    this.#retryTimer = undefined
    this.#channel = channel
    this.#attempts++
    // A subscription waits for the first connection without a limit. Its own limit begins now.
    if (this.#attempts === 1 && this.#resubscribes) this.#startedAt = this.clock.now()
    this.#backoff?.connected(this.clock.now())
    const limit = this.#attempts > 1 && this.#policy === 'again' ? this.#timeLeft() : undefined
    if (this.ownConnection) {
      const { clock } = this
      const onReady = () => (this.#accepted = true)
      this.#follow(runOnOwnChannel(channel.options, this.call, limit, { clock }, onReady), this)
    } else {
      this.#accepted = true
      this.#follow(channel.run(this.call, limit), this)
    }
  }

  fail(error: SerfError): void {
    if (this.#replied) return
    this.#inFlight?.unsubscribe()
    this.#inFlight = undefined
    // A closed client has nothing more for a subscription, but still owes an answer to any other command.
    if (this.#resubscribes && this.connection.status === 'closed') this.observer.complete()
    else this.#refuse(error)
  }

  expire(): void {
    const { addresses, lastError } = this.connection
    const sent = this.#attempts > 0
    this.observer.error(timedOutWaiting(this.call.command, addresses, this.#limit, sent, lastError))
  }

  #attempt(): void {
    const { finalError } = this.connection
    if (finalError) {
      // Not at once: `retry()` would subscribe again from within the error until the stack overflows.
      this.#retryTimer = this.clock.after(0, () => this.#refuse(finalError))
      this.#retryTimer.ref()
      return
    }
    const channel = this.connection.ready()
    if (channel) this.onConnected(channel)
    else this.connection.wait(this, this.#waitLimit())
  }

  #refuse(error: SerfError): void {
    this.observer.error(errorForCommand(this.call.command, error))
  }

  #onError(error: unknown): void {
    const channel = this.#channel
    if (channel) this.connection.reportEnd(channel)
    // Nobody listens to this stream any longer, so it ends with its connection.
    if (!this.linked) this.observer.complete()
    else if (this.connection.finalError) this.fail(this.connection.finalError)
    else if (this.#hungUpOver(error)) this.#checkForLoss(error)
    else if (!this.#mayRetry(error)) this.observer.error(this.#described(error))
    else if (this.ownConnection && this.connection.ready()) this.#attemptLater()
    else this.#attempt()
  }

  /**
   * Its own connection failed while the shared one is open. It waits, since the loss of the shared one may
   * not be known yet.
   */
  #attemptLater(): void {
    this.#backoff ??= this.connection.newBackoff()
    this.#backoff.lost(this.clock.now())
    this.#retryTimer = this.clock.after(this.#backoff.next(), () => this.#attempt())
    this.#retryTimer.ref()
  }

  #mayRetry(error: unknown): boolean {
    if (this.#policy === 'never' || !this.connection.reconnects) return false
    if (error instanceof RpcError) return false
    if (error instanceof ConnectionError) return (this.#resubscribes && this.#accepted) || !this.#late
    if (!this.#resubscribes) return false
    if (error instanceof ProtocolError) return this.#channel?.closed === true
    if (!(error instanceof TimeoutError) || !this.resumed) return false
    // The agent completed the handshake and answered nothing after it: as good as lost.
    if (!this.ownConnection && this.#channel) {
      this.#channel.destroy(error)
      this.connection.reportEnd(this.#channel)
    }
    return true
  }

  #described(error: unknown): unknown {
    if (!(error instanceof ConnectionError) || error.code !== 'CONNECTION_LOST') return error
    return lostInFlight(this.call.command, this.#policy !== 'never', error)
  }

  /** Whether the agent closed the connection that a risky command had of its own. */
  #hungUpOver(error: unknown): error is RpcError {
    const risky = this.ownConnection && this.call.traits.ownConnection === 'risky'
    return risky && error instanceof RpcError && error.code === 'INVALID_FILTER'
  }

  /**
   * An agent hangs up over a bad pattern, and also when it dies. If it still answers on the shared
   * connection, it was the pattern.
   */
  #checkForLoss(error: RpcError): void {
    this.#follow<unknown>(this.#channel?.run(LIVENESS_CHECK) ?? EMPTY, {
      next: () => undefined,
      error: (lost: unknown) => this.error(lost),
      complete: () => this.observer.error(error),
    })
  }

  #follow<V>(values$: Observable<V>, observer: Observer<V>): void {
    const subscription = values$.subscribe(observer)
    if (this.#unsubscribed) subscription.unsubscribe()
    // An attempt that failed at once may have started the next one already, and that is the one to keep.
    else if (!subscription.closed) this.#inFlight = subscription
  }

  get #resubscribes(): boolean {
    return this.#policy === 'resubscribe'
  }

  get #late(): boolean {
    return this.#limit > 0 && this.clock.now() - this.#startedAt >= this.#limit
  }

  /** How long it may wait for a connection, in ms; 0 is no limit. */
  #waitLimit(): number {
    const patient = this.#accepted || this.connection.awaitsFirst
    return this.#resubscribes && patient ? 0 : this.#timeLeft()
  }

  /** In ms; 0 is no limit. */
  #timeLeft(): number {
    if (this.#limit === 0) return 0
    const left = Math.ceil(this.#startedAt + this.#limit - this.clock.now())
    return Math.min(this.#limit, Math.max(1, left))
  }
}
