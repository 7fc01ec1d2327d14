import type { SchedulerLike } from 'rxjs'
import type { Clock, Timer } from '../../../lib/connection/clock'

interface VirtualTimer {
  due: number
  held: boolean
  callback: () => void
}

/** Time that passes when a spec says so. */
export class VirtualClock implements Clock {
  readonly #timers = new Set<VirtualTimer>()
  #now = 0

  now(): number {
    return this.#now
  }

  after(delay: number, callback: () => void): Timer {
    const timer: VirtualTimer = { due: this.#now + delay, held: false, callback }
    this.#timers.add(timer)
    return {
      ref: () => (timer.held = true),
      unref: () => (timer.held = false),
      cancel: () => this.#timers.delete(timer),
    }
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  /** Those of them that would keep the process alive. */
  get held(): number {
    return [...this.#timers].filter((timer) => timer.held).length
  }

  /** Lets time pass; timers fire in the order in which they are due, each at its time. */
  advance(by: number): void {
    const end = this.#now + by
    for (;;) {
      const [next] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
      if (!next) break
      this.#now = Math.max(this.#now, next.due)
      this.#timers.delete(next)
      next.callback()
    }
    this.#now = end
  }
}

/** The time of an RxJS scheduler, which is virtual in marble tests. */
export function schedulerClock(scheduler: SchedulerLike): Clock {
  return {
    now: () => scheduler.now(),
    after(delay, callback) {
      const timer = scheduler.schedule(callback, delay)
      return { ref: () => undefined, unref: () => undefined, cancel: () => timer.unsubscribe() }
    },
  }
}
