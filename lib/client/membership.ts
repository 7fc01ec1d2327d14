import { Observable, type Subscriber, Subscription } from 'rxjs'
import type { Clock, Timer } from '../connection/clock'
import { ConnectionError, TimeoutError } from '../errors'
import type { MemberEvent } from '../events/event'
import type { Member } from '../member'
import { MemberTable } from './member-table'

/** Where a membership learns of changes. */
export interface MembershipSources {
  readonly events$: Observable<MemberEvent>
  readonly members$: Observable<Member[]>
  /** Where events may have been missed. */
  readonly gaps$: Observable<unknown>
}

/** An agent holds member events back for as long, to gather them; what it listed before may be news to come. In ms. */
const HELD_BACK = 3_000
/** Under load there is one map per as many ms. */
const FRAME = 50

/**
 * All members by name: the agent's list, then a new map whenever something has changed. Events are hints, for the agent makes none
 * of a node's quick restart; the list is the truth of its moment, so it is read again after a gap, now and then (`resync`
 * ms; 0 is never), and once more when the events that were held back meanwhile must have come.
 */
export function membershipOf(
  sources: MembershipSources,
  resync: number,
  clock: Clock,
): Observable<ReadonlyMap<string, Member>> {
  return new Observable((subscriber) => {
    const membership = new Membership(sources, resync, clock, subscriber)
    subscriber.add(() => membership.stop())
    membership.start()
  })
}

class Membership {
  readonly #table = new MemberTable()
  readonly #listening = new Subscription()
  #reading: Subscription | undefined
  #readTimer: Timer | undefined
  #frameTimer: Timer | undefined
  #known = false
  /** Whether an event came while the list was being read: which of the two is newer cannot be told. */
  #overlapped = false
  #shownAt = -Infinity
  /** When the next regular reading is due. */
  #resyncAt = Infinity

  constructor(
    private readonly sources: MembershipSources,
    private readonly resync: number,
    private readonly clock: Clock,
    private readonly subscriber: Subscriber<ReadonlyMap<string, Member>>,
  ) {}

  start(): void {
    // First the stream, then the list: nothing that happens after the list was made goes unheard.
    this.#listening.add(
      this.sources.events$.subscribe({
        next: (event) => this.#hear(event),
        error: (error: unknown) => this.subscriber.error(error),
      }),
    )
    this.#listening.add(this.sources.gaps$.subscribe(() => this.#read(true)))
    if (!this.subscriber.closed) this.#read(true)
  }

  stop(): void {
    this.#listening.unsubscribe()
    this.#reading?.unsubscribe()
    this.#readTimer?.cancel()
    this.#frameTimer?.cancel()
  }

  #hear(event: MemberEvent): void {
    this.#overlapped = true
    if (this.#known && this.#table.apply(event)) this.#show()
  }

  #read(regular: boolean): void {
    this.#reading?.unsubscribe()
    this.#readTimer?.cancel()
    this.#overlapped = false
    if (regular) this.#resyncAt = this.resync === 0 ? Infinity : this.clock.now() + this.resync
    this.#reading = this.sources.members$.subscribe({
      next: (members) => this.#take(members, regular),
      error: (error: unknown) => this.#notRead(error),
    })
  }

  #take(members: readonly Member[], regular: boolean): void {
    const changed = this.#table.replace(members)
    if (regular || this.#overlapped) this.#readIn(HELD_BACK, false)
    else this.#readIn(Infinity, false)
    if (changed || !this.#known) this.#show()
    this.#known = true
  }

  /** What is known stays, while the connection is away: the stream will tell when it is over for good. */
  #notRead(error: unknown): void {
    const away = error instanceof ConnectionError || error instanceof TimeoutError
    if (this.#known && away) this.#readIn(HELD_BACK, true)
    else this.subscriber.error(error)
  }

  #readIn(delay: number, regular: boolean): void {
    const untilResync = Math.max(0, this.#resyncAt - this.clock.now())
    const next = Math.min(delay, untilResync)
    if (next === Infinity) return
    this.#readTimer = this.clock.after(next, () => this.#read(regular || untilResync <= delay))
  }

  #show(): void {
    if (this.#frameTimer) return
    const wait = this.#shownAt + FRAME - this.clock.now()
    if (wait > 0) {
      this.#frameTimer = this.clock.after(wait, () => {
        this.#frameTimer = undefined
        this.#emit()
      })
    } else this.#emit()
  }

  #emit(): void {
    this.#shownAt = this.clock.now()
    this.subscriber.next(this.#table.snapshot())
  }
}
