/** How long to wait before the next attempt: pure functions, and a counter of attempts. */

/** All in ms. */
export interface BackoffLimits {
  readonly initialDelay: number
  readonly maxDelay: number
}

/** A larger power of two would be infinite, and the delay has reached its maximum long before. */
const MAX_EXPONENT = 60

/** The longest that attempt number `attempt`, from 0, may have to wait: doubling, up to a maximum. */
export function longestDelay(attempt: number, { initialDelay, maxDelay }: BackoffLimits): number {
  return Math.min(maxDelay, initialDelay * 2 ** Math.min(attempt, MAX_EXPONENT))
}

/**
 * Full jitter: a random delay from 0 to the longest one, so that clients that lost the same agent do not all
 * dial it at once.
 * @param random From 0 to below 1.
 */
export function backoffDelay(attempt: number, random: number, limits: BackoffLimits): number {
  return random * longestDelay(attempt, limits)
}

/**
 * Counts attempts. A connection that lasts longer than the next delay resets the count. So delays keep
 * growing for an agent that accepts connections and dies at once, and start small for an agent that restarts
 * now and then.
 */
export class Backoff {
  #attempt = 0
  #since = 0

  constructor(
    private readonly limits: BackoffLimits,
    private readonly random: () => number,
  ) {}

  /** How long to wait before the next attempt, in ms. */
  next(): number {
    return backoffDelay(this.#attempt++, this.random(), this.limits)
  }

  connected(now: number): void {
    this.#since = now
  }

  lost(now: number): void {
    if (now - this.#since >= longestDelay(this.#attempt, this.limits)) this.#attempt = 0
  }
}
