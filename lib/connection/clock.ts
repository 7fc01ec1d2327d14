/** The time for connections and clients. It is passed in, so that specs can control it. */
export interface Clock {
  now(): number
  /** Calls back once after `delay` ms. The timer does not keep the process alive unless `ref` is called. */
  after(delay: number, callback: () => void): Timer
  /** Calls back once the event loop has read everything that its sockets have received so far. */
  afterRead(callback: () => void): void
}

export interface Timer {
  /** Keeps the process alive until the timer has fired. */
  ref(): void
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
  // Immediates run right after the phase of the event loop that reads sockets.
  afterRead: (callback) => void setImmediate(callback),
}
