import { Observable, type Subscriber, Subscription } from 'rxjs'
import type { Clock, Timer } from '../connection/clock'
import { ConnectionError, ProtocolError, TimeoutError } from '../errors'
import type { MemberEvent } from '../events/event'
import type { Member } from '../member'
import type { Gap } from './gaps'
import { MemberTable } from './member-table'
import type { ResolvedMembershipOptions } from './membership-options'

/** Where a membership learns of changes. */
export interface MembershipSources {
  readonly events$: Observable<MemberEvent>
  readonly members$: Observable<Member[]>
  readonly gaps$: Observable<Pick<Gap, 'reason'>>
}

/**
 * How long an agent holds member events back to coalesce them, in ms: for so long an event may be older than
 * the list.
 */
const HELD_BACK = 3_000
/** The shortest time between two maps, in ms. */
const SHORTEST_FRAME = 50
/**
 * The time between two maps, as a multiple of the time that a copy takes: copies cost at most a twentieth of
 * a core.
 */
const FRAME_PER_COPY = 20
/** The longest time between two maps, in ms. On a busy machine a copy seems to take longer than it does. */
const LONGEST_FRAME = 1_000

/**
 * Emits the agent's list as a map by name, then a new map after each change. Events are only hints, as the
 * agent makes none for a node's quick restart. So the list is read again after a gap, every `resync` ms, and
 * once more when the events that were held back during a reading must have come.
 */
export function membershipOf(
  sources: MembershipSources,
  options: ResolvedMembershipOptions,
  clock: Clock,
): Observable<ReadonlyMap<string, Member>> {
  return new Observable((subscriber) => {
    const membership = new Membership(sources, options, clock, subscriber)
    subscriber.add(() => membership.stop())
    membership.start()
  })
}

class Membership {
  readonly #table = new MemberTable()
  readonly #sourceSubscriptions = new Subscription()
  #reading: Subscription | undefined
  #readTimer: Timer | undefined
  #frameTimer: Timer | undefined
  /** Whether the list has been read. */
  #known = false
  /**
   * Whether an event came while the list was being read, so that it is not known which of the two is newer.
   */
  #overlapped = false
  /** The earliest time of the next map. */
  #nextFrameAt = -Infinity
  #nextResyncAt = Infinity
  /** Until when an alive member is kept although the agent does not list it. */
  #graceEndsAt = -Infinity

  constructor(
    private readonly sources: MembershipSources,
    private readonly options: ResolvedMembershipOptions,
    private readonly clock: Clock,
    private readonly subscriber: Subscriber<ReadonlyMap<string, Member>>,
  ) {}

  start(): void {
    // The stream comes before the list, so that no event after the list is missed.
    this.#sourceSubscriptions.add(
      this.sources.events$.subscribe({
        next: (event) => this.#onEvent(event),
        error: (error: unknown) => this.subscriber.error(error),
        complete: () => this.subscriber.complete(),
      }),
    )
    this.#sourceSubscriptions.add(this.sources.gaps$.subscribe((gap) => this.#onGap(gap)))
    if (!this.subscriber.closed) this.#read(true)
  }

  stop(): void {
    this.#sourceSubscriptions.unsubscribe()
    this.#reading?.unsubscribe()
    this.#readTimer?.cancel()
    this.#frameTimer?.cancel()
  }

  #onEvent(event: MemberEvent): void {
    this.#overlapped = true
    if (!this.#known) return
    const endsUnlisted = this.#table.endsUnlisted(event)
    if (this.#table.apply(event)) this.#emitInFrame()
    // The list tells whether the member is there again, in its new state, or gone.
    if (endsUnlisted) this.#read(false)
  }

  #onGap({ reason }: Pick<Gap, 'reason'>): void {
    if (reason === 'reconnected') this.#graceEndsAt = this.clock.now() + this.options.rejoinGrace
    this.#read(true)
  }

  /** @param regular Whether it counts as the reading that `resync` asks for. */
  #read(regular: boolean): void {
    this.#reading?.unsubscribe()
    this.#readTimer?.cancel()
    this.#overlapped = false
    const { resync } = this.options
    if (regular) this.#nextResyncAt = resync === 0 ? Infinity : this.clock.now() + resync
    this.#reading = this.sources.members$.subscribe({
      next: (members) => this.#onMembers(members, regular),
      error: (error: unknown) => this.#onReadFailed(error),
    })
  }

  #onMembers(members: readonly Member[], regular: boolean): void {
    // One time for both: where members are kept, there must be another reading at the end of the grace.
    const now = this.clock.now()
    const changed = this.#table.replace(members, now < this.#graceEndsAt)
    this.#readAfter(regular || this.#overlapped ? HELD_BACK : Infinity, false, now)
    if (changed || !this.#known) this.#emitInFrame()
    this.#known = true
  }

  /** The last map remains until the list can be read again. The stream reports that the client has ended. */
  #onReadFailed(error: unknown): void {
    if (error instanceof ConnectionError && error.code === 'CLOSED') return
    const passing =
      error instanceof ConnectionError || error instanceof TimeoutError || error instanceof ProtocolError
    if (this.#known && passing) this.#readAfter(HELD_BACK, true, this.clock.now())
    else this.subscriber.error(error)
  }

  /** Reads again after `delay` ms, or earlier where `resync` or the end of the grace ask for it. */
  #readAfter(delay: number, regular: boolean, now: number): void {
    const untilResync = Math.max(0, this.#nextResyncAt - now)
    const untilGraceEnds = this.#graceEndsAt > now ? this.#graceEndsAt - now : Infinity
    const next = Math.min(delay, untilResync, untilGraceEnds)
    if (next === Infinity) return
    this.#readTimer = this.clock.after(next, () => this.#read(regular || untilResync <= next))
  }

  #emitInFrame(): void {
    if (this.#frameTimer) return
    const wait = this.#nextFrameAt - this.clock.now()
    if (wait > 0) {
      this.#frameTimer = this.clock.after(wait, () => {
        this.#frameTimer = undefined
        this.#emit()
      })
    } else this.#emit()
  }

  #emit(): void {
    const startedAt = this.clock.now()
    const members = this.#table.snapshot()
    const frame = FRAME_PER_COPY * (this.clock.now() - startedAt)
    this.#nextFrameAt = startedAt + Math.min(Math.max(frame, SHORTEST_FRAME), LONGEST_FRAME)
    this.subscriber.next(members)
  }
}
