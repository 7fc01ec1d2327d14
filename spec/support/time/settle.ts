/**
 * Lets everything happen that needs no time: microtasks, deferred stream events and a few turns of the event
 * loop.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
}
