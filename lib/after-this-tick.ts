/** Whether a function is one of a test runner's fake timers, which run only when the test says so. */
const isFake = (scheduler: object) => Object.hasOwn(scheduler, 'clock')

/**
 * Runs a callback after the current code and its microtasks, before the event loop continues. This is
 * `process.nextTick` as it was when serfx was loaded, so that fake timers which are installed later do not
 * delay what is written. If they were installed earlier, it is a microtask, which they do not replace.
 */
export const afterThisTick: (callback: () => void) => void = asLoaded(process)

function asLoaded({
  nextTick,
}: {
  nextTick: (callback: () => void) => void
}): (callback: () => void) => void {
  return isFake(nextTick) ? (callback) => void Promise.resolve().then(callback) : nextTick
}
