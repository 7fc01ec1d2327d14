import type { Clock, Timer } from './clock'

/** Something that is to be told when its time is over. */
export interface Expiring {
  /** When that is, by the clock; `NEVER` while it has no limit. */
  due: number
  expire(): void
}

export const NEVER = Infinity

/**
 * Deadlines of many requests with one timer, not one for each. A timer that goes off looks through all that wait and is set anew for
 * the next one due, so a request that is answered in time, as nearly all are, costs no more than the time written on it.
 */
export class Deadlines {
  /** How many have one. */
  running = 0
  private timer: Timer | undefined
  /** When the timer goes off. */
  private next = NEVER
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
    item.due = this.clock.now() + limit
    if (item.due < this.next) this.setTimer(item.due, limit)
    if (this.running++ === 0) this.timer?.hold()
  }

  clear(item: Expiring): void {
    if (item.due === NEVER) return
    item.due = NEVER
    if (--this.running === 0) this.timer?.release()
  }

  /** Ends all without telling anyone. */
  stop(): void {
    this.stopped = true
    this.timer?.cancel()
  }

  private setTimer(due: number, delay: number): void {
    this.timer?.cancel()
    this.next = due
    this.timer = this.clock.after(delay, this.check)
    if (this.running > 0) this.timer.hold()
  }

  private readonly check = (): void => {
    this.timer = undefined
    this.next = NEVER
    const now = this.clock.now()
    const over = [...this.waiting()].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due)
    for (const item of over) {
      // One that has been told may have cleared the next, or stopped them all.
      if (this.stopped) return
      if (item.due > now) continue
      this.clear(item)
      item.expire()
    }
    if (this.stopped) return
    let next = NEVER
    for (const { due } of this.waiting()) next = Math.min(next, due)
    // The callbacks may have taken their time.
    if (next < this.next) this.setTimer(next, Math.max(0, next - this.clock.now()))
  }
}
