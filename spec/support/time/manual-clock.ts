import type { Clock, Timer } from '../../../lib/connection/clock'

interface Entry {
  at: number
  callback: () => void
  held: boolean
}

/** Lets everything happen that needs no time: microtasks, and what streams put off to the next turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Time that passes when a spec says so. */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers = new Set<Entry>()

  now(): number {
    return this.#now
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

  /** How long until each timer, in order; those that hold the process alone, if asked. */
  due(heldOnly = false): number[] {
    return [...this.#timers]
      .filter(({ held }) => held || !heldOnly)
      .map(({ at }) => at - this.#now)
      .sort((a, b) => a - b)
  }

  /** Passes `ms`, with all that happens meanwhile. */
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
