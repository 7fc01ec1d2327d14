import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * The times that `count` processes, which each start one job as a handler does, take to load the entry and
 * for `start()`, in ms.
 */
export function measureStart(count: number): { load: number[]; start: number[] } {
  const folder = mkdtempSync(join(tmpdir(), 'serfx-bench-'))
  try {
    const runs = Array.from({ length: count }, (_, index) => run(join(folder, `state-${index}.json`)))
    return { load: runs.map(({ load }) => load), start: runs.map(({ start }) => start) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(state: string): { load: number; start: number } {
  const script = `
    const t0 = performance.now()
    const { AsyncJob } = require(${JSON.stringify(resolve('dist/jobs/index.js'))})
    const job = new AsyncJob({ command: ['true'], state: ${JSON.stringify(state)} })
    const t1 = performance.now()
    const answer = job.start()
    const t2 = performance.now()
    if (answer !== 'success') throw new Error(job.stateInfo())
    const timer = setInterval(() => {
      if (job.state().status !== 'finished') return
      clearInterval(timer)
      console.log(JSON.stringify({ load: t1 - t0, start: t2 - t1 }))
    }, 5)`
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as ReturnType<
    typeof run
  >
}
