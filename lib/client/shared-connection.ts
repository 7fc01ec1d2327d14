import { BehaviorSubject, type Observable, Subject, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { Deadlines, type Expiring } from '../connection/deadlines'
import { addressOf } from '../connection/options'
import type { SerfError } from '../errors'
import { Backoff } from './backoff'
import { dialInTurn, rejectsKey } from './dial'
import { asSerfError, clientClosed, retriesSpent } from './connection-errors'
import { Heartbeat } from './heartbeat'
import { LinkedSet, type LinkedItem } from './linked-set'
import type { ResolvedClientOptions } from './options'
import { type ClientStatus, StatusMachine } from './status'

/** Time and chance, given from outside so that specs can decide both. */
export interface Runtime {
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
}

/** Whoever needs the connection, from the subscription to its end. */
export interface Waiter extends Expiring, LinkedItem<Waiter> {
  /** Whether it goes on after the channel has ended like this. */
  survives(ending: SerfError): boolean
  /** The connection is there; called once for each `wait`. */
  onConnected(channel: Channel): void
  /** There will be none. */
  fail(error: SerfError): void
}

/**
 * The connection that a client shares among all: dialled when somebody needs it, dialled again when it is lost and somebody still
 * does, and never a reason for the process to go on living when nobody does.
 */
export class SharedConnection {
  readonly addresses: string
  readonly #status = new StatusMachine()
  readonly #waiters = new LinkedSet<Waiter>()
  readonly #waiting = new Set<Waiter>()
  readonly #deadlines: Deadlines
  readonly #backoff: Backoff
  readonly #heartbeat: Heartbeat
  readonly #current = new BehaviorSubject<Channel | undefined>(undefined)
  readonly #reconnected = new Subject<void>()
  #dialling: Subscription | undefined
  #retryTimer: Timer | undefined
  /** Whether there ever was a connection: before that, a failed dial is the caller's to know at once. */
  #everConnected = false
  #lost = false
  #failures = 0
  #lastError: SerfError | undefined
  #finalError: SerfError | undefined

  constructor(
    private readonly options: ResolvedClientOptions,
    private readonly runtime: Runtime,
  ) {
    this.addresses = options.connections.map(({ address }) => addressOf(address)).join(', ')
    this.#deadlines = new Deadlines(runtime.clock, () => this.#waiting)
    this.#backoff = this.newBackoff()
    this.#heartbeat = new Heartbeat(options.heartbeat, runtime.clock)
  }

  get status$(): Observable<ClientStatus> {
    return this.#status.status$
  }

  get status(): ClientStatus {
    return this.#status.current
  }

  /** The channel that is ready, `undefined` while there is none; replayed. */
  get current$(): Observable<Channel | undefined> {
    return this.#current
  }

  /** Once for each connection that took the place of a lost one, after all who waited have set out on it. */
  get reconnected$(): Observable<void> {
    return this.#reconnected
  }

  /** Why nothing will ever be sent again: closed, or a rejected key. */
  get finalError(): SerfError | undefined {
    return this.#finalError
  }

  /** What kept the connection from being there. */
  get lastError(): SerfError | undefined {
    return this.#lastError
  }

  get reconnects(): boolean {
    return this.options.maxRetries > 0
  }

  /** For waiting between tries of one's own. */
  newBackoff(): Backoff {
    return new Backoff(this.options.backoff, this.runtime.random)
  }

  /** The channel, if it is ready at this moment. */
  ready(): Channel | undefined {
    const channel = this.#current.value
    if (!channel?.closed) return channel
    this.reportEnd(channel)
    return this.#current.value
  }

  /** To be told by whoever sees a channel end: it does so a little before the channel itself tells everybody. */
  reportEnd(channel: Channel): void {
    if (channel.endReason && channel === this.#current.value) this.#onLoss(channel.endReason)
  }

  /** From now on it matters whether there is a connection. */
  attach(waiter: Waiter): void {
    this.#waiters.add(waiter)
    if (this.#waiters.size === 1) this.#current.value?.ref()
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
    this.#status.transition('connecting')
    // A watcher of the status may have ended it all, or begun it itself.
    if (this.#is('connecting') && !this.#dialling) this.#dial()
  }

  close(by: 'close()' | 'leave()'): void {
    if (this.#is('closed')) return
    const channel = this.#current.value
    this.#stopDialling()
    this.#heartbeat.stop()
    this.#current.next(undefined)
    const closed = clientClosed(this.addresses, by)
    this.#finalError = closed
    this.#status.transition('closed')
    channel?.close()
    this.#failAll(this.#waiters, closed)
    this.#deadlines.stop()
    this.#current.complete()
    this.#reconnected.complete()
  }

  #is(...statuses: ClientStatus[]): boolean {
    return statuses.includes(this.#status.current)
  }

  #dial(): void {
    const dialling = dialInTurn(this.options.connections, this.runtime.clock).subscribe({
      next: (channel) => this.#onChannel(channel),
      error: (error: unknown) => this.#onFailure(asSerfError(error)),
    })
    if (!dialling.closed) this.#dialling = dialling
  }

  #onChannel(channel: Channel): void {
    this.#dialling = undefined
    this.#everConnected = true
    this.#failures = 0
    this.#backoff.established(this.runtime.clock.now())
    this.#current.next(channel)
    channel.closed$.subscribe(() => this.reportEnd(channel))
    this.#heartbeat.start(channel)
    this.#status.transition('ready')
    for (const waiter of [...this.#waiting]) {
      if (this.ready() !== channel) return
      if (!this.#waiting.delete(waiter)) continue
      this.#deadlines.clear(waiter)
      waiter.onConnected(channel)
    }
    if (!this.#lost || this.ready() !== channel) return
    this.#lost = false
    this.#reconnected.next()
  }

  #onLoss(ending: SerfError): void {
    this.#heartbeat.stop()
    this.#current.next(undefined)
    this.#lastError = ending
    this.#backoff.lost(this.runtime.clock.now())
    const needed = [...this.#waiters].some((waiter) => waiter.survives(ending))
    this.#lost = needed && this.reconnects
    if (!this.#lost) this.#status.transition('idle')
    else {
      this.#status.transition('reconnecting')
      this.#dialLater()
    }
  }

  #onFailure(error: SerfError): void {
    this.#dialling = undefined
    this.#lastError = error
    if (rejectsKey(error)) {
      this.#finalError = error
      this.#destroy(error, this.#waiters)
    } else if (!this.#everConnected || !this.reconnects) this.#destroy(error, this.#waiting)
    else if (this.#is('connecting')) {
      this.#status.transition('reconnecting')
      this.#dialLater()
    } else if (++this.#failures >= this.options.maxRetries) {
      this.#destroy(retriesSpent(this.addresses, this.#failures, error), this.#waiting)
    } else this.#dialLater()
  }

  #dialLater(): void {
    // A watcher of the status may have ended it, or nobody may need it any more.
    if (!this.#is('reconnecting') || this.#retryTimer || this.#dialling) return
    this.#retryTimer = this.runtime.clock.after(this.#backoff.next(), () => {
      this.#retryTimer = undefined
      this.#dial()
    })
    this.#retryTimer.ref()
  }

  /** Nobody needs it: what is open stays open, without holding the process; what is not is not sought any more. */
  #onUnused(): void {
    this.#current.value?.unref()
    if (!this.#is('connecting', 'reconnecting')) return
    this.#stopDialling()
    this.#status.transition('idle')
  }

  #stopDialling(): void {
    this.#dialling?.unsubscribe()
    this.#dialling = undefined
    this.#retryTimer?.cancel()
    this.#retryTimer = undefined
    this.#failures = 0
    this.#lost = false
  }

  /** Gives up, and tells those who are here now: whoever comes from within a callback starts anew. */
  #destroy(error: SerfError, whom: Iterable<Waiter>): void {
    const told = new Set(whom)
    for (const waiter of told) {
      if (this.#waiting.delete(waiter)) this.#deadlines.clear(waiter)
    }
    this.#stopDialling()
    this.#status.transition('idle')
    this.#failAll(told, error)
  }

  #failAll(waiters: Iterable<Waiter>, error: SerfError): void {
    for (const waiter of [...waiters]) {
      if (waiter.linked) waiter.fail(error)
    }
  }
}
