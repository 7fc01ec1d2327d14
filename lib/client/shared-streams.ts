import { BehaviorSubject, Observable, Subject, type Subscriber } from 'rxjs'
import type { Clock, Timer } from '../connection/clock'
import { Operation, type Job } from './operation'
import type { SharedConnection } from './shared-connection'

/** How long a stream is kept at the agent after the last has left, in ms. */
const LINGER = 30_000

/**
 * One stream at the agent for each filter, however many listen here: agents can crash when streams are stopped and started
 * under load, and each stream gives a query another id.
 */
export class SharedStreams {
  readonly #streams = new Map<string, SharedStream<unknown>>()
  readonly #listeners = new BehaviorSubject(0)

  constructor(
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
  ) {}

  /** How many listen to streams; replayed. */
  get listeners$(): Observable<number> {
    return this.#listeners
  }

  /** Whether one that is listened to has been set up again since this was asked last. */
  takeResumed(): boolean {
    // Every one is asked, for each has to forget.
    return [...this.#streams.values()].filter((stream) => stream.takeResumed()).length > 0
  }

  /** Cold: joins the stream of this filter, or begins it. */
  of<T>(filter: string, job: Job<T>): Observable<T> {
    return new Observable((subscriber) => {
      // What goes by one filter has one type, that of the filter.
      let stream = this.#streams.get(filter) as SharedStream<T> | undefined
      if (!stream) {
        stream = new SharedStream(job, this.connection, this.clock, () => this.#streams.delete(filter))
        this.#streams.set(filter, stream as SharedStream<unknown>)
      }
      this.#listeners.next(this.#listeners.value + 1)
      subscriber.add(() => this.#listeners.next(this.#listeners.value - 1))
      stream.join(subscriber)
    })
  }

  /** Takes leave of those that only linger. */
  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#listeners.complete()
  }
}

class SharedStream<T> {
  readonly #events = new Subject<T>()
  readonly #operation: Operation<T>
  #linger: Timer | undefined
  #started = false
  #ended = false
  #resumed = false

  constructor(
    job: Job<T>,
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
    private readonly forget: () => void,
  ) {
    const attempt: Job<T>['attempt'] = (channel, limit) => {
      if (this.#operation.resumed) this.#resumed = true
      return job.attempt(channel, limit)
    }
    this.#operation = new Operation({ ...job, attempt }, connection, clock, {
      next: (event) => this.#events.next(event),
      error: (error: unknown) => this.#end(() => this.#events.error(error)),
      complete: () => this.#end(() => this.#events.complete()),
    })
  }

  get observed(): boolean {
    return this.#events.observed
  }

  join(subscriber: Subscriber<T>): void {
    this.#events.subscribe(subscriber)
    subscriber.add(() => this.#leave())
    this.#enter()
  }

  takeResumed(): boolean {
    const resumed = this.#resumed && this.observed
    this.#resumed = false
    return resumed
  }

  close(): void {
    if (!this.observed) this.#end(() => undefined)
  }

  #enter(): void {
    this.#linger?.cancel()
    this.#linger = undefined
    if (this.#started) this.connection.attach(this.#operation)
    else {
      this.#started = true
      this.#operation.start()
    }
  }

  #leave(): void {
    if (this.observed || this.#ended) return
    if (!this.#operation.underWay) {
      this.#end(() => undefined)
      return
    }
    this.connection.detach(this.#operation)
    this.#linger?.cancel()
    this.#linger = this.clock.after(LINGER, () => this.#end(() => undefined))
  }

  #end(tell: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#linger?.cancel()
    this.forget()
    this.#operation.unsubscribe()
    tell()
  }
}
