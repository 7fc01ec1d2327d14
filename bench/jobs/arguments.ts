import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AsyncJob } from '../../lib/jobs'
import { until } from '../../spec/support/time/until'

/**
 * Milliseconds from `start()` to the recorded end of a command that does nothing, by the number of its
 * arguments.
 */
export async function measureArguments(counts: readonly number[]): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (const count of [1, ...counts]) times.set(count, await measure(count)) // The first is for warming up.
  times.delete(1)
  return times
}

async function measure(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'serfx-bench-'))
  const words = Array.from({ length: count }, (_, index) => `argument ${index}`)
  const job = new AsyncJob({ command: ['true', ...words], state: join(folder, 'state.json') })
  try {
    const start = performance.now()
    job.start()
    await until('the job has ended', () => job.state().status === 'finished')
    return performance.now() - start
  } finally {
    rmSync(folder, { recursive: true })
  }
}
