import { MAX_TIMEOUT } from '../arguments'

/** Every timer of an agent, so that none outlives it. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>()

  /** Calls back after `delay` ms, unless the returned function or `clear` cancels that. */
  after(delay: number, callback: () => void): () => void {
    const timer = setTimeout(
      () => {
        this.#running.delete(timer)
        callback()
      },
      Math.min(Math.max(delay, 0), MAX_TIMEOUT),
    )
    this.#running.add(timer)
    return () => {
      clearTimeout(timer)
      this.#running.delete(timer)
    }
  }

  /** Resolves after `delay` ms. Does not settle after `clear`. */
  wait(delay: number): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve))
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer)
    this.#running.clear()
  }
}
