/** Lets everything happen that needs no time: microtasks, what a stream puts off, and what a turn of the event loop brings. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
