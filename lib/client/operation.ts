import { NO_DEADLINE } from '../connection/deadlines'
import { EMPTY, type Observable, type Observer, type Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { ConnectionError, ProtocolError, RpcError, type SerfError, TimeoutError } from '../errors'
import type { Backoff } from './backoff'
import { endingOf, lostUnderWay, waitedInVain } from './connection-errors'
import type { SharedConnection, Waiter } from './shared-connection'
import { LIVENESS_CHECK } from './liveness-check'

/**
 * What a command may do to the cluster decides what becomes of it when its connection is lost: a `read` is sent again,
 * a `subscription` (stream, monitor) set up again, a `write` never, since it may have been carried out.
 */
export type Nature = 'read' | 'write' | 'subscription'

/** A command as the client carries it out. */
export interface Job<T> {
  readonly command: string
  readonly nature: Nature
  /** Whether it is done with one reply. */
  readonly single: boolean
  /** Whether it travels on a connection of its own: then only the way to the agent is the shared one's. */
  readonly apart: boolean
  /** How long it may wait for a connection, and a read for its answer, in ms; 0 is no limit. */
  readonly limit: number
  /** Sends it. `limit` is how long its reply may take, unless that is the usual. */
  attempt(channel: Channel, limit?: number): Observable<T>
}

/** One command of one subscriber: waits for the connection, goes out, and where its nature allows it goes out again after a loss. */
export class Operation<T> implements Waiter, Observer<T> {
  deadline = NO_DEADLINE
  linked = false
  before: Waiter | undefined
  after: Waiter | undefined
  #channel: Channel | undefined
  #inner: Subscription | undefined
  #over = false
  #pause: Timer | undefined
  #backoff: Backoff | undefined
  #tries = 0
  /** Whether, for all that is known, the agent has taken it. */
  #live = false
  /** Whether its one reply has come: what follows from that is no failure of it. */
  #replied = false
  readonly #since: number

  constructor(
    private readonly job: Job<T>,
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
    private readonly observer: Observer<T>,
  ) {
    this.#since = clock.now()
  }

  start(): void {
    this.connection.attach(this)
    this.#go()
  }

  /** The end of it, whoever ended it. */
  unsubscribe(): void {
    this.#over = true
    this.#inner?.unsubscribe()
    this.#pause?.cancel()
    this.connection.detach(this)
  }

  // What comes over the connection that it is on; after a loss from the next one.

  next(value: T): void {
    this.#live = true
    this.#replied = this.job.single
    this.observer.next(value)
  }

  error(error: unknown): void {
    this.#inner = undefined
    this.#onError(error)
  }

  complete(): void {
    this.#inner = undefined
    this.observer.complete()
  }

  /** Whether it is on its way, rather than waiting for one. */
  get underWay(): boolean {
    return this.#inner !== undefined
  }

  /** Whether it has been set up again after a loss. */
  get resumed(): boolean {
    return this.#live && this.#tries > 1
  }

  survives(ending: SerfError): boolean {
    if (this.job.apart || !this.underWay || this.job.nature === 'subscription') return true
    return this.job.nature === 'read' && ending instanceof ConnectionError
  }

  onConnected(channel: Channel): void {
    this.#pause = undefined
    this.#channel = channel
    const limit = ++this.#tries > 1 && this.job.nature === 'read' ? this.#timeLeft() : undefined
    if (!this.job.apart) this.#live = true
    this.#backoff?.established(this.clock.now())
    this.#follow(this.job.attempt(channel, limit), this)
  }

  fail(error: SerfError): void {
    if (this.#replied) return
    this.#inner?.unsubscribe()
    this.#inner = undefined
    this.observer.error(endingOf(this.job.command, error))
  }

  expire(): void {
    const { command, limit } = this.job
    const { addresses, lastError } = this.connection
    this.observer.error(waitedInVain(command, addresses, limit, this.#tries > 0, lastError))
  }

  #go(): void {
    if (this.connection.finalError) {
      this.fail(this.connection.finalError)
      return
    }
    const channel = this.connection.ready()
    if (channel) this.onConnected(channel)
    else this.connection.wait(this, this.#timeLeft())
  }

  #onError(error: unknown): void {
    const channel = this.#channel
    if (channel) this.connection.reportEnd(channel)
    // A stream that nobody listens to any more: it ends with its connection.
    if (!this.linked) this.observer.complete()
    else if (this.connection.finalError) this.fail(this.connection.finalError)
    else if (this.job.apart && hungUp(error)) this.#confirm(error)
    else if (!this.#mayGoAgain(error)) this.observer.error(this.#final(error))
    else if (this.job.apart && this.connection.ready()) this.#goLater()
    else this.#go()
  }

  /** The shared connection is there, its own was not to be had: a while later, for the other may yet turn out to be lost too. */
  #goLater(): void {
    this.#backoff ??= this.connection.newBackoff()
    this.#backoff.lost(this.clock.now())
    this.#pause = this.clock.after(this.#backoff.next(), () => this.#go())
    this.#pause.ref()
  }

  #mayGoAgain(error: unknown): boolean {
    const { nature } = this.job
    if (nature === 'write' || !this.connection.reconnects) return false
    if (error instanceof RpcError) return false
    if (error instanceof ConnectionError) return (nature === 'subscription' && this.#live) || !this.#late
    if (nature === 'read') return false
    if (error instanceof ProtocolError) return this.#channel?.closed === true
    if (!(error instanceof TimeoutError) || !this.resumed) return false
    // It took the greeting and then no more: as good as lost.
    if (!this.job.apart && this.#channel) {
      this.#channel.destroy(error)
      this.connection.reportEnd(this.#channel)
    }
    return true
  }

  #final(error: unknown): unknown {
    if (!(error instanceof ConnectionError) || error.code !== 'CONNECTION_LOST') return error
    return lostUnderWay(this.job.command, this.job.nature !== 'write', error)
  }

  /**
   * An agent hangs up over a bad pattern, and when it dies. If it still answers on the shared connection, it was the pattern.
   */
  #confirm(error: RpcError): void {
    const probe$ = this.#channel?.run(LIVENESS_CHECK) ?? EMPTY
    this.#follow(probe$, {
      next: () => undefined,
      error: (lost: unknown) => this.error(lost),
      complete: () => this.observer.error(error),
    })
  }

  #follow<V>(values$: Observable<V>, observer: Observer<V>): void {
    const inner = values$.subscribe(observer)
    if (this.#over) inner.unsubscribe()
    // What has failed at once may have begun the next try from within, which is the one to keep.
    else if (!inner.closed) this.#inner = inner
  }

  get #late(): boolean {
    const { limit } = this.job
    return limit > 0 && this.clock.now() - this.#since >= limit
  }

  /** In ms; 0 is no limit, as for what has been live before. */
  #timeLeft(): number {
    const { limit, nature } = this.job
    if (limit === 0 || (nature === 'subscription' && this.#live)) return 0
    const left = Math.ceil(this.#since + limit - this.clock.now())
    return Math.min(limit, Math.max(1, left))
  }
}

function hungUp(error: unknown): error is RpcError {
  return error instanceof RpcError && error.command === 'members-filtered' && error.code === 'INVALID_FILTER'
}
