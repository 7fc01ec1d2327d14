/** When to try again: pure functions, and the count of attempts that they need. */

/** All in ms. */
export interface BackoffLimits {
  readonly initialDelay: number
  readonly maxDelay: number
}

/** Beyond this the delay has long been at its maximum, and a power of two would end at infinity. */
const MAX_EXPONENT = 60

/** The longest that attempt number `attempt`, from 0, may have to wait: doubling, up to a maximum. */
export function longestDelay(attempt: number, { initialDelay, maxDelay }: BackoffLimits): number {
  return Math.min(maxDelay, initialDelay * 2 ** Math.min(attempt, MAX_EXPONENT))
}

/**
 * Full jitter: anything from 0 to the longest delay, so that clients which lost the same agent do not come back in step.
 * @param random From 0 to below 1.
 */
export function backoffDelay(attempt: number, random: number, limits: BackoffLimits): number {
  return random * longestDelay(attempt, limits)
}

/**
 * Counts attempts. A connection sets the count back once it has outlived the delay that would come next: an agent that
 * accepts and dies at once is not called ever faster, one that merely restarts often is not waited for ever longer.
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

  established(now: number): void {
    this.#since = now
  }

  lost(now: number): void {
    if (now - this.#since >= longestDelay(this.#attempt, this.limits)) this.#attempt = 0
  }
}
