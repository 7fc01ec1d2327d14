import type { Clock, Timer } from './clock'

/** Something that is to be told when its time is over. */
export interface Expiring {
  expire(): void
}

/** Those that have been given the same time: the first to come is the first to expire. */
interface Line {
  readonly limit: number
  /** When each expires. */
  readonly waiting: Map<Expiring, number>
  timer: Timer | undefined
}

/**
 * Deadlines of many requests with few timers: one for each length of time, not one for each request. A timer that finds
 * the first of its line not due yet sets itself anew, so that a request that is answered in time costs no timer at all.
 */
export class Deadlines {
  readonly #lines = new Map<number, Line>()
  readonly #lineOf = new Map<Expiring, Line>()

  constructor(private readonly clock: Clock) {}

  /** Starts the time of `item`, in ms; 0 is no limit. What it had before is void. */
  start(item: Expiring, limit: number): void {
    this.clear(item)
    if (limit === 0) return
    let line = this.#lines.get(limit)
    if (!line) this.#lines.set(limit, (line = { limit, waiting: new Map(), timer: undefined }))
    line.waiting.set(item, this.clock.now() + limit)
    this.#lineOf.set(item, line)
    line.timer ??= this.clock.after(limit, () => this.#due(line))
    if (line.waiting.size === 1) line.timer.hold()
  }

  clear(item: Expiring): void {
    const line = this.#lineOf.get(item)
    if (!line) return
    this.#lineOf.delete(item)
    line.waiting.delete(item)
    if (line.waiting.size === 0) line.timer?.release()
  }

  /** Ends all without telling anyone. */
  stop(): void {
    for (const line of this.#lines.values()) line.timer?.cancel()
    this.#lines.clear()
    this.#lineOf.clear()
  }

  #due(line: Line): void {
    line.timer = undefined
    for (const [item, due] of line.waiting) {
      const left = due - this.clock.now()
      if (left > 0) {
        line.timer = this.clock.after(left, () => this.#due(line))
        line.timer.hold()
        return
      }
      this.clear(item)
      item.expire()
    }
    if (line.waiting.size === 0) this.#lines.delete(line.limit)
  }
}
