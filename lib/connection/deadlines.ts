import type { Clock, Timer } from './clock'

/** An item with a deadline. */
export interface Expiring {
  /** A time of the clock, or `NO_DEADLINE`. */
  deadline: number
  expire(): void
}

export const NO_DEADLINE = Infinity

/**
 * One timer for the deadlines of many requests. When it fires, all waiting requests are checked, and it is
 * set again for the next deadline. So a request that is answered in time, as nearly all are, costs no timer.
 *
 * Before a deadline takes effect, the sockets are read once more. This process may have been too busy, or
 * suspended, to read an answer that came in time.
 */
export class Deadlines {
  /** How many items have a deadline. */
  running = 0
  private timer: Timer | undefined
  /** When the timer fires. */
  private next = NO_DEADLINE
  private stopped = false

  /** @param waiting Returns all items that may have a deadline. */
  constructor(
    private readonly clock: Clock,
    private readonly waiting: () => Iterable<Expiring>,
  ) {}

  /** Sets the deadline of `item`, `limit` ms from now, in place of an earlier one; 0 is no limit. */
  start(item: Expiring, limit: number): void {
    this.clear(item)
    if (limit === 0) return
    item.deadline = this.clock.now() + limit
    if (item.deadline < this.next) this.setTimer(item.deadline, limit)
    if (this.running++ === 0) this.timer?.ref()
  }

  clear(item: Expiring): void {
    if (item.deadline === NO_DEADLINE) return
    item.deadline = NO_DEADLINE
    if (--this.running === 0) this.timer?.unref()
  }

  /** Ends all deadlines without any callback. */
  stop(): void {
    this.stopped = true
    this.timer?.cancel()
  }

  private setTimer(deadline: number, delay: number): void {
    this.timer?.cancel()
    this.next = deadline
    this.timer = this.clock.after(delay, this.onTimer)
    if (this.running > 0) this.timer.ref()
  }

  private readonly onTimer = (): void => {
    this.timer = undefined
    this.next = NO_DEADLINE
    const now = this.clock.now()
    if (this.earliest() <= now) this.clock.afterRead(() => this.expireUntil(now))
    else this.setTimerForNext()
  }

  private expireUntil(now: number): void {
    const expired = [...this.waiting()]
      .filter(({ deadline }) => deadline <= now)
      .sort((a, b) => a.deadline - b.deadline)
    for (const item of expired) {
      // An earlier callback may have cleared this item, or stopped all.
      if (this.stopped) return
      if (item.deadline > now) continue
      this.clear(item)
      item.expire()
    }
    this.setTimerForNext()
  }

  private setTimerForNext(): void {
    if (this.stopped) return
    const next = this.earliest()
    // The callbacks may have taken some time.
    if (next < this.next) this.setTimer(next, Math.max(0, next - this.clock.now()))
  }

  private earliest(): number {
    let earliest = NO_DEADLINE
    for (const { deadline } of this.waiting()) earliest = Math.min(earliest, deadline)
    return earliest
  }
}
