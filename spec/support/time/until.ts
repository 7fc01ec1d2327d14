/**
 * Waits until `condition` gives something truthy, and returns that. Past the deadline it throws an error that
 * names `what`.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadline = 20_000,
): Promise<NonNullable<T>> {
  const start = Date.now()
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() - start > deadline) throw new Error(`not within ${deadline} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
