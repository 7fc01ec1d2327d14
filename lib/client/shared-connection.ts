import { BehaviorSubject, EMPTY, type Observable, Subject, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { Deadlines, type Expiring } from '../connection/deadlines'
import { asSerfError } from '../connection/connection-errors'
import { addressOf, limitOf } from '../connection/options'
import { traceConnection } from '../connection/tracing'
import type { SerfError } from '../errors'
import type { Call } from '../protocol/calls'
import { Backoff } from './backoff'
import { clientClosed, retriesSpent } from './connection-errors'
import { dialInTurn, rejectsKey } from './dial'
import { Heartbeat } from './heartbeat'
import { type LinkedItem, LinkedSet } from './linked-set'
import type { ResolvedClientOptions } from './options'
import { type ClientStatus, StatusMachine } from './status'

/** Time and randomness, passed in so that specs control both. */
export interface Runtime {
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
}

/** Something that needs the connection, from its subscription to its end. */
export interface Waiter extends Expiring, LinkedItem<Waiter> {
  /** Whether it goes on after the channel has ended for this reason. */
  survives(reason: SerfError): boolean
  /** There is a connection. Called once for each `wait`. */
  onConnected(channel: Channel): void
  /** There will be no connection. */
  fail(error: SerfError): void
}

/**
 * The connection that all operations of a client share. It dials when the first waiter comes, and dials again when the connection
 * is lost while there are waiters. Without waiters it does not keep the process alive.
 */
export class SharedConnection {
  readonly addressList: readonly string[]
  readonly #status = new StatusMachine()
  readonly #waiters = new LinkedSet<Waiter>()
  /** The waiters that wait for a connection now. */
  readonly #waiting = new Set<Waiter>()
  readonly #deadlines: Deadlines
  readonly #backoff: Backoff
  readonly #heartbeat: Heartbeat
  readonly #channel = new BehaviorSubject<Channel | undefined>(undefined)
  readonly #firstConnected = new Subject<never>()
  readonly #reconnected = new Subject<void>()
  #dialling: Subscription | undefined
  #retryTimer: Timer | undefined
  /** Whether there ever was a connection. Until then a failed dial errors at once, unless the first connection is waited for. */
  #everConnected = false
  /** Whether the next connection takes the place of a lost one. */
  #lost = false
  #failures = 0
  #lastError: SerfError | undefined
  #finalError: SerfError | undefined

  constructor(
    private readonly options: ResolvedClientOptions,
    private readonly runtime: Runtime,
  ) {
    this.addressList = options.connections.map(({ address }) => addressOf(address))
    this.#deadlines = new Deadlines(runtime.clock, () => this.#waiting)
    this.#backoff = this.newBackoff()
    this.#heartbeat = new Heartbeat(options.heartbeat, runtime.clock)
  }

  /** All addresses, for messages. */
  get addresses(): string {
    return this.addressList.join(', ')
  }

  /** The address of the agent that is connected, or else all addresses. */
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

  /** Emits for each connection that took the place of a lost one, after all who waited have sent their requests on it. */
  get reconnected$(): Observable<void> {
    return this.#reconnected
  }

  /** Completes once there has been a connection, after all who waited have sent their requests on it. At once unless that is waited for. */
  get firstConnected$(): Observable<never> {
    return this.awaitsFirst ? this.#firstConnected : EMPTY
  }

  /** Whether the first connection is still to come, and is waited for. */
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

  /** From now on the waiter needs a connection. */
  attach(waiter: Waiter): void {
    this.#waiters.add(waiter)
    if (this.#waiters.size === 1) this.#channel.value?.ref()
  }

  detach(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return
    if (this.#waiting.size > 0 && this.#waiting.delete(waiter)) this.#deadlines.clear(waiter)
    if (this.#waiters.size === 0) this.#onUnused()
  }

  /** Calls `onConnected` when there is a channel, or `expire` after `limit` ms; 0 is no limit. */
  wait(waiter: Waiter, limit: number): void {
    this.#waiting.add(waiter)
    this.#deadlines.start(waiter, limit)
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
    this.#failAll(this.#waiters, closed)
    this.#deadlines.stop()
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
    for (const waiter of [...this.#waiting]) {
      if (this.ready() !== channel) return
      if (!this.#waiting.delete(waiter)) continue
      this.#deadlines.clear(waiter)
      waiter.onConnected(channel)
    }
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
    const needed = [...this.#waiters].some((waiter) => waiter.survives(reason))
    this.#lost = needed && this.reconnects
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
      this.#giveUp(error, this.#waiters)
    } else if (!(this.#everConnected || this.awaitsFirst) || !this.reconnects)
      this.#giveUp(error, this.#waiting)
    else if (this.#is('connecting')) {
      this.#moveTo('reconnecting', error)
      this.#dialLater()
    } else if (++this.#failures >= this.options.maxRetries) {
      this.#giveUp(retriesSpent(this.addresses, this.#failures, error), this.#waiting)
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

  /** No waiters are left. An open channel stays open without keeping the process alive; a dial is given up. */
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

  /** Fails the waiters that are here now. One that comes from within a callback starts anew. */
  #giveUp(error: SerfError, waiters: Iterable<Waiter>): void {
    const failed = new Set(waiters)
    for (const waiter of failed) {
      if (this.#waiting.delete(waiter)) this.#deadlines.clear(waiter)
    }
    this.#stopDialling()
    this.#moveTo('idle', error)
    this.#failAll(failed, error)
  }

  #failAll(waiters: Iterable<Waiter>, error: SerfError): void {
    for (const waiter of [...waiters]) {
      if (waiter.linked) waiter.fail(error)
    }
  }
}
