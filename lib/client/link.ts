import { BehaviorSubject, type Observable, Subject, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { Deadlines, type Expiring } from '../connection/deadlines'
import { addressOf } from '../connection/options'
import type { SerfError } from '../errors'
import { Pace } from './backoff'
import { dialInTurn, rejectsKey } from './dial'
import { asSerfError, clientClosed, retriesSpent } from './endings'
import { Heartbeat } from './heartbeat'
import { LineUp, type Standing } from './line-up'
import type { ResolvedClientOptions } from './options'
import { type ClientStatus, StatusBoard } from './status'

/** Time and chance, given from outside so that specs can decide both. */
export interface Surroundings {
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly dice: () => number
}

/** Whoever needs the connection, from the subscription to its end. */
export interface Passenger extends Expiring, Standing<Passenger> {
  /** Whether it goes on after the channel has ended like this. */
  survives(ending: SerfError): boolean
  /** The connection is there; called once for each `wait`. */
  board(channel: Channel): void
  /** There will be none. */
  fail(error: SerfError): void
}

/**
 * The connection that a client shares among all: dialled when somebody needs it, dialled again when it is lost and somebody still
 * does, and never a reason for the process to go on living when nobody does.
 */
export class Link {
  readonly addresses: string
  readonly #status = new StatusBoard()
  readonly #passengers = new LineUp<Passenger>()
  readonly #waiting = new Set<Passenger>()
  readonly #deadlines: Deadlines
  readonly #pace: Pace
  readonly #heartbeat: Heartbeat
  readonly #current = new BehaviorSubject<Channel | undefined>(undefined)
  readonly #reconnected = new Subject<void>()
  #dialling: Subscription | undefined
  #retryTimer: Timer | undefined
  /** Whether there ever was a connection: before that, a failed dial is the caller's to know at once. */
  #proven = false
  #lost = false
  #failures = 0
  #lastError: SerfError | undefined
  #refusal: SerfError | undefined

  constructor(
    private readonly options: ResolvedClientOptions,
    private readonly surroundings: Surroundings,
  ) {
    this.addresses = options.connections.map(({ address }) => addressOf(address)).join(', ')
    this.#deadlines = new Deadlines(surroundings.clock, () => this.#waiting)
    this.#pace = this.newPace()
    this.#heartbeat = new Heartbeat(options.heartbeat, surroundings.clock)
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
  get refusal(): SerfError | undefined {
    return this.#refusal
  }

  /** What kept the connection from being there. */
  get lastError(): SerfError | undefined {
    return this.#lastError
  }

  get reconnects(): boolean {
    return this.options.maxRetries > 0
  }

  /** For waiting between tries of one's own. */
  newPace(): Pace {
    return new Pace(this.options.backoff, this.surroundings.dice)
  }

  /** The channel, if it is ready at this moment. */
  ready(): Channel | undefined {
    const channel = this.#current.value
    if (!channel?.closed) return channel
    this.notice(channel)
    return this.#current.value
  }

  /** To be told by whoever sees a channel end: it does so a little before the channel itself tells everybody. */
  notice(channel: Channel): void {
    if (channel.ending && channel === this.#current.value) this.#onLoss(channel.ending)
  }

  /** From now on it matters whether there is a connection. */
  join(passenger: Passenger): void {
    this.#passengers.add(passenger)
    if (this.#passengers.size === 1) this.#current.value?.hold(true)
  }

  part(passenger: Passenger): void {
    if (!this.#passengers.delete(passenger)) return
    if (this.#waiting.size > 0 && this.#waiting.delete(passenger)) this.#deadlines.clear(passenger)
    if (this.#passengers.size === 0) this.#rest()
  }

  /** Calls `board` when there is a channel, or `expire` after `limit` ms; 0 is no limit. */
  wait(passenger: Passenger, limit: number): void {
    this.#waiting.add(passenger)
    this.#deadlines.start(passenger, limit)
    if (!this.#is('idle')) return
    this.#status.move('connecting')
    // A watcher of the status may have ended it all, or begun it itself.
    if (this.#is('connecting') && !this.#dialling) this.#dial()
  }

  close(by: 'close()' | 'leave()'): void {
    if (this.#is('closed')) return
    const channel = this.#current.value
    this.#halt()
    this.#heartbeat.stop()
    this.#current.next(undefined)
    const closed = clientClosed(this.addresses, by)
    this.#refusal = closed
    this.#status.move('closed')
    channel?.close()
    this.#dismiss(this.#passengers, closed)
    this.#deadlines.stop()
    this.#current.complete()
    this.#reconnected.complete()
  }

  #is(...statuses: ClientStatus[]): boolean {
    return statuses.includes(this.#status.current)
  }

  #dial(): void {
    const dialling = dialInTurn(this.options.connections, this.surroundings.clock).subscribe({
      next: (channel) => this.#onChannel(channel),
      error: (error: unknown) => this.#onFailure(asSerfError(error)),
    })
    if (!dialling.closed) this.#dialling = dialling
  }

  #onChannel(channel: Channel): void {
    this.#dialling = undefined
    this.#proven = true
    this.#failures = 0
    this.#pace.established(this.surroundings.clock.now())
    this.#current.next(channel)
    channel.closed$.subscribe(() => this.notice(channel))
    this.#heartbeat.start(channel)
    this.#status.move('ready')
    for (const passenger of [...this.#waiting]) {
      if (this.ready() !== channel) return
      if (!this.#waiting.delete(passenger)) continue
      this.#deadlines.clear(passenger)
      passenger.board(channel)
    }
    if (!this.#lost || this.ready() !== channel) return
    this.#lost = false
    this.#reconnected.next()
  }

  #onLoss(ending: SerfError): void {
    this.#heartbeat.stop()
    this.#current.next(undefined)
    this.#lastError = ending
    this.#pace.lost(this.surroundings.clock.now())
    const needed = [...this.#passengers].some((passenger) => passenger.survives(ending))
    this.#lost = needed && this.reconnects
    if (!this.#lost) this.#status.move('idle')
    else {
      this.#status.move('reconnecting')
      this.#tryLater()
    }
  }

  #onFailure(error: SerfError): void {
    this.#dialling = undefined
    this.#lastError = error
    if (rejectsKey(error)) {
      this.#refusal = error
      this.#give(error, this.#passengers)
    } else if (!this.#proven || !this.reconnects) this.#give(error, this.#waiting)
    else if (this.#is('connecting')) {
      this.#status.move('reconnecting')
      this.#tryLater()
    } else if (++this.#failures >= this.options.maxRetries) {
      this.#give(retriesSpent(this.addresses, this.#failures, error), this.#waiting)
    } else this.#tryLater()
  }

  #tryLater(): void {
    // A watcher of the status may have ended it, or nobody may need it any more.
    if (!this.#is('reconnecting') || this.#retryTimer || this.#dialling) return
    this.#retryTimer = this.surroundings.clock.after(this.#pace.next(), () => {
      this.#retryTimer = undefined
      this.#dial()
    })
    this.#retryTimer.hold()
  }

  /** Nobody needs it: what is open stays open, without holding the process; what is not is not sought any more. */
  #rest(): void {
    this.#current.value?.hold(false)
    if (!this.#is('connecting', 'reconnecting')) return
    this.#halt()
    this.#status.move('idle')
  }

  #halt(): void {
    this.#dialling?.unsubscribe()
    this.#dialling = undefined
    this.#retryTimer?.cancel()
    this.#retryTimer = undefined
    this.#failures = 0
    this.#lost = false
  }

  /** Gives up, and tells those who are here now: whoever comes from within a callback starts anew. */
  #give(error: SerfError, whom: Iterable<Passenger>): void {
    const told = new Set(whom)
    for (const passenger of told) {
      if (this.#waiting.delete(passenger)) this.#deadlines.clear(passenger)
    }
    this.#halt()
    this.#status.move('idle')
    this.#dismiss(told, error)
  }

  #dismiss(passengers: Iterable<Passenger>, error: SerfError): void {
    for (const passenger of [...passengers]) {
      if (passenger.inLine) passenger.fail(error)
    }
  }
}
