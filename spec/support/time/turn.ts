/** Lets the event loop turn once, so that what was written in this turn is read. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
