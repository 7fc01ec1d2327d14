import type { Clock, Timer } from '../../../lib/connection/clock'
import { settle } from './settle'

interface Entry {
  at: number
  callback: () => void
  held: boolean
}

/** Time that passes only when a spec says so. Everything that needs no time happens by itself. */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers = new Set<Entry>()

  now(): number {
    return this.#now
  }

  afterRead(callback: () => void): void {
    callback()
  }

  after(delay: number, callback: () => void): Timer {
    const entry = { at: this.#now + delay, callback, held: false }
    this.#timers.add(entry)
    return {
      ref: () => void (entry.held = true),
      unref: () => void (entry.held = false),
      cancel: () => void this.#timers.delete(entry),
    }
  }

  /**
   * The milliseconds until each timer fires, soonest first. `held` leaves out the timers that let the process
   * end.
   */
  due({ held = false } = {}): number[] {
    return [...this.#timers]
      .filter((timer) => timer.held || !held)
      .map(({ at }) => at - this.#now)
      .sort((a, b) => a - b)
  }

  /** Lets so many milliseconds pass, with all that happens in them. Each timer fires at its time. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at)
      if (!next || next.at > end) break
      this.#now = next.at
      this.#timers.delete(next)
      next.callback()
      await settle()
    }
    this.#now = end
  }
}
