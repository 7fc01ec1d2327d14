import type { TestScheduler } from 'rxjs/testing'
import type { Clock, Timer } from '../../../lib/connection/clock'

interface Pending {
  readonly due: number
  held: boolean
}

/** A clock that shows the time of a TestScheduler, for code that takes a clock and is tested with marbles. */
export class MarbleClock implements Clock {
  readonly #pending = new Set<Pending>()

  constructor(private readonly scheduler: TestScheduler) {}

  now(): number {
    return this.scheduler.now()
  }

  afterRead(callback: () => void): void {
    callback()
  }

  after(delay: number, callback: () => void): Timer {
    const pending: Pending = { due: this.now() + delay, held: false }
    this.#pending.add(pending)
    const scheduled = this.scheduler.schedule(() => {
      this.#pending.delete(pending)
      callback()
    }, delay)
    return {
      ref: () => {
        pending.held = this.#pending.has(pending)
      },
      unref: () => {
        pending.held = false
      },
      cancel: () => {
        this.#pending.delete(pending)
        scheduled.unsubscribe()
      },
    }
  }

  /**
   * The times at which the timers that are set fire. `held` leaves out the timers that let the process end.
   */
  due({ held = false } = {}): number[] {
    return [...this.#pending].filter((pending) => pending.held || !held).map(({ due }) => due)
  }
}
