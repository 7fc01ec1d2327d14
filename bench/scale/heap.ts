import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is in use after a collection, in MB. */
export function heapMegabytes(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** What `action` gives, and how long it took, in ms. */
export async function timed<T>(action: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now()
  const value = await action()
  return { value, ms: performance.now() - start }
}

/** A figure, printed as it will stand in the docs. */
export function report(what: string, figure: string): void {
  console.log(`${what.padEnd(64)} ${figure}`)
}

/** Ends the run with 1 where a figure is not what it has to be. */
export function expectThat(what: string, holds: boolean): void {
  if (holds) return
  console.error(`FAILED: ${what}`)
  process.exitCode = 1
}
