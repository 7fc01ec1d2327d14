import type { TestScheduler } from 'rxjs/testing'
import type { Clock, Timer } from '../../../lib/connection/clock'

interface Pending {
  readonly due: number
  held: boolean
}

/** The time of a TestScheduler, for what takes a clock. Knows what is still set, and what of it would keep a process alive. */
export class MarbleClock implements Clock {
  readonly #pending = new Set<Pending>()

  constructor(private readonly scheduler: TestScheduler) {}

  now(): number {
    return this.scheduler.now()
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

  /** When the timers go off that are set; of those that hold the process alone, if asked. */
  due({ held = false } = {}): number[] {
    return [...this.#pending].filter((pending) => pending.held || !held).map(({ due }) => due)
  }
}
