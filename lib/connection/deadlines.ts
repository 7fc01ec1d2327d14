import type { Clock, Timer } from './clock'

/** Something that has a deadline. */
export interface Expiring {
  /** By the clock; `NO_DEADLINE` while there is none. */
  deadline: number
  expire(): void
}

export const NO_DEADLINE = Infinity

/**
 * Deadlines of many requests with one timer, not one for each. When the timer fires it looks through all that wait and is set
 * again for the next deadline. So a request that is answered in time, as nearly all are, costs no more than the number that it holds.
 *
 * Before a deadline takes effect the sockets are read once more: this process may have been too busy, or stopped, to read an answer
 * that came in time.
 */
export class Deadlines {
  /** How many have one. */
  running = 0
  private timer: Timer | undefined
  /** When the timer fires. */
  private next = NO_DEADLINE
  private stopped = false

  /** @param waiting All that may have a deadline now. */
  constructor(
    private readonly clock: Clock,
    private readonly waiting: () => Iterable<Expiring>,
  ) {}

  /** Starts the time of `item`, in ms; 0 is no limit. It replaces an earlier deadline. */
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

  /** Ends all without telling anyone. */
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
      // The one before may have cleared this one, or stopped them all.
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
    // The callbacks may have taken their time.
    if (next < this.next) this.setTimer(next, Math.max(0, next - this.clock.now()))
  }

  private earliest(): number {
    let earliest = NO_DEADLINE
    for (const { deadline } of this.waiting()) earliest = Math.min(earliest, deadline)
    return earliest
  }
}
