/** The longest time that a Node timer can hold. */
const LONGEST = 2 ** 31 - 1

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
      Math.min(Math.max(delay, 0), LONGEST),
    )
    this.#running.add(timer)
    return () => {
      clearTimeout(timer)
      this.#running.delete(timer)
    }
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer)
    this.#running.clear()
  }
}
