import { BehaviorSubject, Observable, Subject, type Subscriber } from 'rxjs'
import type { Clock, Timer } from '../connection/clock'
import type { Call } from '../protocol/call'
import { Operation } from './operation'
import type { SharedConnection } from './shared-connection'

/** How long a stream without subscribers is kept at the agent, in ms. */
const LINGER = 30_000

/**
 * Keeps one stream at the agent for each filter, however many subscribers there are. Agents can crash when
 * streams are stopped and started under load, and each further stream gives a query another id.
 */
export class SharedStreams {
  readonly #streams = new Map<string, SharedStream<unknown>>()
  readonly #subscribers = new BehaviorSubject(0)

  constructor(
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
  ) {}

  /** The number of subscribers of all streams together; replayed. */
  get subscribers$(): Observable<number> {
    return this.#subscribers
  }

  /** Whether a stream that has subscribers was set up again on the present connection. */
  get anyResumed(): boolean {
    return [...this.#streams.values()].some(({ resumed }) => resumed)
  }

  /** All subscribers of a filter share one stream, which the first one starts. */
  of<T>(call: Call<T>): Observable<T> {
    const filter = `${call.command} ${JSON.stringify(call.body)}`
    return new Observable((subscriber) => {
      // The filter decides the type of the events, so all streams under one key have the same type.
      let stream = this.#streams.get(filter) as SharedStream<T> | undefined
      if (!stream) {
        stream = new SharedStream(call, this.connection, this.clock, () => this.#streams.delete(filter))
        this.#streams.set(filter, stream as SharedStream<unknown>)
      }
      this.#subscribers.next(this.#subscribers.value + 1)
      subscriber.add(() => this.#subscribers.next(this.#subscribers.value - 1))
      stream.add(subscriber)
    })
  }

  /** Ends the streams that have no subscribers. */
  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#subscribers.complete()
  }
}

class SharedStream<T> {
  readonly #events = new Subject<T>()
  readonly #operation: Operation<T>
  #lingerTimer: Timer | undefined
  #started = false
  #ended = false

  constructor(
    call: Call<T>,
    private readonly connection: SharedConnection,
    private readonly clock: Clock,
    private readonly onEnd: () => void,
  ) {
    this.#operation = new Operation(call, false, connection, clock, {
      next: (event) => this.#events.next(event),
      error: (error: unknown) => this.#end(() => this.#events.error(error)),
      complete: () => this.#end(() => this.#events.complete()),
    })
  }

  get resumed(): boolean {
    return this.#events.observed && this.#operation.inFlight && this.#operation.resumed
  }

  add(subscriber: Subscriber<T>): void {
    this.#events.subscribe(subscriber)
    subscriber.add(() => this.#onUnsubscribed())
    this.#lingerTimer?.cancel()
    this.#lingerTimer = undefined
    if (this.#started) this.connection.attach(this.#operation)
    else {
      this.#started = true
      this.#operation.start()
    }
  }

  close(): void {
    if (!this.#events.observed) this.#end()
  }

  #onUnsubscribed(): void {
    if (this.#events.observed || this.#ended) return
    if (!this.#operation.inFlight) {
      this.#end()
      return
    }
    this.connection.detach(this.#operation)
    this.#lingerTimer?.cancel()
    this.#lingerTimer = this.clock.after(LINGER, () => this.#end())
  }

  #end(notify?: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#lingerTimer?.cancel()
    this.onEnd()
    this.#operation.unsubscribe()
    notify?.()
  }
}
