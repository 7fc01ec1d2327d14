/** What `action` gives, and how long it took, in ms. */
export async function timed<T>(action: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now()
  const value = await action()
  return { value, ms: performance.now() - start }
}

export function report(what: string, figure: string): void {
  console.log(`${what.padEnd(64)} ${figure}`)
}

/** Ends the run with status 1 where a figure is not what it has to be. */
export function expectThat(what: string, holds: boolean): void {
  if (holds) return
  console.error(`FAILED: ${what}`)
  process.exitCode = 1
}
