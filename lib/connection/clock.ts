/** Time, as the connection and the client need it: given from outside, so that specs can run it by hand. */
export interface Clock {
  now(): number
  /** Calls back once after `delay` ms. The timer never keeps the process alive unless `ref` is called. */
  after(delay: number, callback: () => void): Timer
}

export interface Timer {
  /** Keeps the process alive until it has fired. */
  ref(): void
  /** Takes that back. */
  unref(): void
  cancel(): void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay).unref()
    return {
      ref: () => timer.ref(),
      unref: () => timer.unref(),
      cancel: () => clearTimeout(timer),
    }
  },
}
