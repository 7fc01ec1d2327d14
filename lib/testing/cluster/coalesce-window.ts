import type { Timers } from '../timers'

/**
 * Delivers gathered events after a time without further events, or at the latest after a longer time.
 * Source: serf 0.9.4, serf/coalesce.go.
 */
export class CoalesceWindow {
  #calm: (() => void) | undefined
  #end: (() => void) | undefined
  #waiting: (() => void)[] = []

  constructor(
    private readonly timers: Timers,
    private readonly quiescentPeriod: number,
    private readonly coalescePeriod: number,
    private readonly flush: () => void,
  ) {}

  /** Something was gathered. */
  touch(): void {
    if (this.quiescentPeriod === 0) {
      this.#close()
      return
    }
    this.#calm?.()
    this.#calm = this.timers.after(this.quiescentPeriod, () => this.#close())
    this.#end ??= this.timers.after(this.coalescePeriod, () => this.#close())
  }

  /** Resolves when nothing waits any more. */
  closed(): Promise<void> {
    if (!this.#end) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Ends without delivering anything. */
  cancel(): void {
    this.#calm?.()
    this.#end?.()
    this.#calm = this.#end = undefined
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #close(): void {
    this.flush()
    this.cancel()
  }
}
