import { setImmediate, setTimeout } from 'node:timers'

// The timers as they were when serfx was loaded: fake timers that a test installs must not delay what an
// agent sends.

/** Runs a callback in the next turn of the event loop. */
export const nextTurn: (callback: () => void) => void = setImmediate
/** Runs a callback after so many ms. */
export const afterRealTime: (callback: () => void, delay: number) => void = setTimeout
