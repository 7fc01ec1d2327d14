import { BehaviorSubject, EMPTY, type Observable, Subject, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { asSerfError } from '../connection/connection-errors'
import { addressOf, limitOf } from '../connection/options'
import { traceConnection } from '../connection/tracing'
import type { SerfError } from '../errors'
import type { Call } from '../protocol/call'
import { Backoff } from './backoff'
import { clientClosed, retriesSpent } from './connection-errors'
import { dialInTurn, rejectsKey } from './dial'
import { Heartbeat } from './heartbeat'
import type { ResolvedClientOptions } from './options'
import { type ClientStatus, StatusMachine } from './status'
import { type Waiter, Waiters } from './waiters'

/** Time and randomness, passed in so that specs can control them. */
export interface Runtime {
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * The connection that all operations of a client share. It dials when the first waiter comes, and again when
 * the connection is lost while there are waiters. Without waiters it does not keep the process alive.
 */
export class SharedConnection {
  readonly addressList: readonly string[]
  readonly #status = new StatusMachine()
  readonly #waiters: Waiters
  readonly #backoff: Backoff
  readonly #heartbeat: Heartbeat
  readonly #channel = new BehaviorSubject<Channel | undefined>(undefined)
  readonly #firstConnected = new Subject<never>()
  readonly #reconnected = new Subject<void>()
  #dialling: Subscription | undefined
  #retryTimer: Timer | undefined
  /**
   * Whether there has been a connection. Until then a failed dial errors at once, unless `waitOnFirstConnect`
   * is set.
   */
  #everConnected = false
  /** Whether the next connection replaces a lost one. */
  #lost = false
  #failures = 0
  #lastError: SerfError | undefined
  #finalError: SerfError | undefined

  constructor(
    private readonly options: ResolvedClientOptions,
    private readonly runtime: Runtime,
  ) {
    this.addressList = options.connections.map(({ address }) => addressOf(address))
    this.#waiters = new Waiters(runtime.clock)
    this.#backoff = this.newBackoff()
    this.#heartbeat = new Heartbeat(options.heartbeat, runtime.clock)
  }

  /** All addresses, for messages. */
  get addresses(): string {
    return this.addressList.join(', ')
  }

  /** The address of the connected agent, or else all addresses. */
  get address(): string {
    return this.#channel.value?.address ?? this.addresses
  }

  get status$(): Observable<ClientStatus> {
    return this.#status.status$
  }

  get status(): ClientStatus {
    return this.#status.current
  }

  /** The channel that is ready, `undefined` while there is none; replayed. */
  get channel$(): Observable<Channel | undefined> {
    return this.#channel
  }

  /** Emits for each connection that replaces a lost one, after everything that waited was sent on it. */
  get reconnected$(): Observable<void> {
    return this.#reconnected
  }

  /**
   * With `waitOnFirstConnect`, completes once there has been a connection and everything that waited was sent
   * on it. Otherwise completes at once.
   */
  get firstConnected$(): Observable<never> {
    return this.awaitsFirst ? this.#firstConnected : EMPTY
  }

  /** Whether the first connection has not come yet and is waited for. */
  get awaitsFirst(): boolean {
    return this.options.waitOnFirstConnect && !this.#everConnected
  }

  /** Why nothing will ever be sent again: the client is closed, or its key was rejected. */
  get finalError(): SerfError | undefined {
    return this.#finalError
  }

  /** Why there is no connection. */
  get lastError(): SerfError | undefined {
    return this.#lastError
  }

  get reconnects(): boolean {
    return this.options.maxRetries > 0
  }

  /** How long the reply to a call may take, in ms; 0 is no limit. */
  limitOf(call: Call<unknown>): number {
    // Limits are the same for all addresses.
    return limitOf(call, this.options.connections[0])
  }

  newBackoff(): Backoff {
    return new Backoff(this.options.backoff, this.runtime.random)
  }

  /** The channel, if it is ready at this moment. */
  ready(): Channel | undefined {
    const channel = this.#channel.value
    if (!channel?.closed) return channel
    this.reportEnd(channel)
    return this.#channel.value
  }

  /** Reports an ended channel before its `closed$` fires, which is after every request has got its error. */
  reportEnd(channel: Channel): void {
    if (channel.endReason && channel === this.#channel.value) this.#onLoss(channel.endReason)
  }

  /** Registers a waiter, which needs a connection from now on. */
  attach(waiter: Waiter): void {
    this.#waiters.add(waiter)
    if (this.#waiters.size === 1) this.#channel.value?.ref()
  }

  detach(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return
    if (this.#waiters.size === 0) this.#onUnused()
  }

  /** Calls `onConnected` when there is a channel, or `expire` after `limit` ms; 0 is no limit. */
  wait(waiter: Waiter, limit: number): void {
    this.#waiters.wait(waiter, limit)
    if (!this.#is('idle')) return
    this.#moveTo('connecting')
    // A subscriber of the status may have closed the client, or dialled itself.
    if (this.#is('connecting') && !this.#dialling) this.#dial()
  }

  close(by: 'close()' | 'leave()'): void {
    if (this.#is('closed')) return
    const channel = this.#channel.value
    this.#stopDialling()
    this.#heartbeat.stop()
    this.#channel.next(undefined)
    const closed = clientClosed(this.addresses, by)
    this.#finalError = closed
    this.#moveTo('closed')
    channel?.close()
    this.#fail(this.#waiters.release('all'), closed)
    this.#waiters.stop()
    this.#channel.complete()
    this.#reconnected.complete()
  }

  #moveTo(status: ClientStatus, error?: SerfError): void {
    const { addressList: addresses } = this
    traceConnection(error === undefined ? { addresses, status } : { addresses, status, error })
    this.#status.transition(status)
  }

  #is(...statuses: ClientStatus[]): boolean {
    return statuses.includes(this.#status.current)
  }

  #dial(): void {
    const dialling = dialInTurn(this.options.connections, this.runtime.clock).subscribe({
      next: (channel) => this.#onChannel(channel),
      error: (error: unknown) => this.#onDialFailed(asSerfError(error)),
    })
    if (!dialling.closed) this.#dialling = dialling
  }

  #onChannel(channel: Channel): void {
    this.#dialling = undefined
    this.#everConnected = true
    this.#failures = 0
    this.#backoff.connected(this.runtime.clock.now())
    this.#channel.next(channel)
    channel.closed$.subscribe(() => this.reportEnd(channel))
    this.#heartbeat.start(channel)
    this.#moveTo('ready')
    this.#waiters.connect(channel, () => this.ready() === channel)
    if (this.ready() !== channel) return
    this.#firstConnected.complete()
    if (!this.#lost) return
    this.#lost = false
    this.#reconnected.next()
  }

  #onLoss(reason: SerfError): void {
    this.#heartbeat.stop()
    this.#channel.next(undefined)
    this.#lastError = reason
    this.#backoff.lost(this.runtime.clock.now())
    this.#lost = this.reconnects && this.#waiters.anySurvives(reason)
    if (!this.#lost) this.#moveTo('idle', reason)
    else {
      this.#moveTo('reconnecting', reason)
      this.#dialLater()
    }
  }

  #onDialFailed(error: SerfError): void {
    this.#dialling = undefined
    this.#lastError = error
    if (rejectsKey(error)) {
      this.#finalError = error
      this.#giveUp(error, 'all')
    } else if (!(this.#everConnected || this.awaitsFirst) || !this.reconnects) this.#giveUp(error, 'waiting')
    else if (this.#is('connecting')) {
      this.#moveTo('reconnecting', error)
      this.#dialLater()
    } else if (++this.#failures >= this.options.maxRetries) {
      this.#giveUp(retriesSpent(this.addresses, this.#failures, error), 'waiting')
    } else this.#dialLater()
  }

  #dialLater(): void {
    // A subscriber of the status may have closed the client, or unsubscribed the last waiter.
    if (!this.#is('reconnecting') || this.#retryTimer || this.#dialling) return
    this.#retryTimer = this.runtime.clock.after(this.#backoff.next(), () => {
      this.#retryTimer = undefined
      this.#dial()
    })
    this.#retryTimer.ref()
  }

  /**
   * Called when no waiters are left. An open channel stays open without keeping the process alive; a dial is
   * given up.
   */
  #onUnused(): void {
    this.#channel.value?.unref()
    if (!this.#is('connecting', 'reconnecting')) return
    this.#stopDialling()
    this.#moveTo('idle')
  }

  #stopDialling(): void {
    this.#dialling?.unsubscribe()
    this.#dialling = undefined
    this.#retryTimer?.cancel()
    this.#retryTimer = undefined
    this.#failures = 0
    this.#lost = false
  }

  /** Fails the present waiters. One that is added from within a callback dials anew. */
  #giveUp(error: SerfError, which: 'all' | 'waiting'): void {
    const failed = this.#waiters.release(which)
    this.#stopDialling()
    this.#moveTo('idle', error)
    this.#fail(failed, error)
  }

  /** Fails the waiters, except those that a callback has removed meanwhile. */
  #fail(waiters: readonly Waiter[], error: SerfError): void {
    for (const waiter of waiters) {
      if (waiter.linked) waiter.fail(error)
    }
  }
}
