import type { Clock, Timer } from './clock'

/** Something that is to be told when its time is over. */
export interface Expiring {
  /** When that is, by the clock; `NO_DEADLINE` while it has no limit. */
  deadline: number
  expire(): void
}

export const NO_DEADLINE = Infinity

/**
 * Deadlines of many requests with one timer, not one for each. A timer that goes off looks through all that wait and is set anew for
 * the next one deadline, so a request that is answered in time, as nearly all are, costs no more than the time written on it.
 */
export class Deadlines {
  /** How many have one. */
  running = 0
  private timer: Timer | undefined
  /** When the timer goes off. */
  private next = NO_DEADLINE
  private stopped = false

  /** @param waiting All that may have a deadline now. */
  constructor(
    private readonly clock: Clock,
    private readonly waiting: () => Iterable<Expiring>,
  ) {}

  /** Starts the time of `item`, in ms; 0 is no limit. What it had before is void. */
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
    this.timer = this.clock.after(delay, this.check)
    if (this.running > 0) this.timer.ref()
  }

  private readonly check = (): void => {
    this.timer = undefined
    this.next = NO_DEADLINE
    const now = this.clock.now()
    const expired = [...this.waiting()]
      .filter(({ deadline }) => deadline <= now)
      .sort((a, b) => a.deadline - b.deadline)
    for (const item of expired) {
      // One that has been told may have cleared the next, or stopped them all.
      if (this.stopped) return
      if (item.deadline > now) continue
      this.clear(item)
      item.expire()
    }
    if (this.stopped) return
    let next = NO_DEADLINE
    for (const { deadline } of this.waiting()) next = Math.min(next, deadline)
    // The callbacks may have taken their time.
    if (next < this.next) this.setTimer(next, Math.max(0, next - this.clock.now()))
  }
}
