import type { EventKind, Rate } from '../../messages'

/** How many seconds are kept. */
const KEPT = 300

const empty = (second: number): Rate => ({ second, member: 0, user: 0, query: 0 })

/** Counts events by the second. */
export class Rates {
  #current: Rate
  readonly #past: Rate[] = []

  constructor(now: number) {
    this.#current = empty(Math.floor(now / 1000))
  }

  /** The seconds that are over, oldest first. */
  get past(): readonly Rate[] {
    return this.#past
  }

  count(kind: EventKind): void {
    this.#current[kind]++
  }

  /** Closes the seconds that are over by now, and returns them. */
  close(now: number): Rate[] {
    const second = Math.floor(now / 1000)
    const closed: Rate[] = []
    // After a suspension of the machine the seconds in between are left out.
    if (second - this.#current.second > KEPT) this.#current = empty(second - KEPT)
    while (this.#current.second < second) {
      closed.push(this.#current)
      this.#current = empty(this.#current.second + 1)
    }
    this.#past.push(...closed)
    this.#past.splice(0, this.#past.length - KEPT)
    return closed
  }
}
