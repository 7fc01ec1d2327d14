import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { AsyncJob } from '../../lib/jobs'
import { resolveJob } from '../../lib/jobs/job-options'
import { launchJob } from '../../lib/jobs/launch-job'
import { findTools } from '../../lib/jobs/tools'
import { until } from '../../spec/support/time/until'

export interface Memory {
  shell: string
  waiting: string
  /** KiB that are resident, and of these the ones that no other process has. */
  resident: number
  own: number
  limit: number
}

/**
 * The resident memory that a running job takes beyond its command: its supervisor, the only other process
 * there is.
 */
export async function measureMemory(): Promise<Memory[]> {
  const results: Memory[] = []
  for (const shell of ['/bin/dash', '/bin/bash'].filter((path) => existsSync(path)))
    for (const awk of [findTools().awk, '']) results.push(await measure(shell, awk))
  return results
}

async function measure(shell: string, awk: string): Promise<Memory> {
  const folder = mkdtempSync(join(tmpdir(), 'serfx-bench-'))
  const sh = join(folder, 'sh') // As a system has it: bash behaves differently under this name.
  symlinkSync(shell, sh)
  const options = { command: ['sleep', '600'], state: join(folder, 'state.json') } as const
  const job = new AsyncJob(options)
  try {
    launchJob(resolveJob(options), { ...findTools(), sh, awk })
    const { ppid = 0 } = await until('the job runs', () =>
      job.state().status === 'running' ? job.state() : undefined,
    )
    const program = basename(realpathSync(`/proc/${ppid}/exe`))
    const { resident, own } = read(ppid)
    return {
      shell: basename(shell),
      waiting: program,
      resident,
      own,
      limit: shell.endsWith('bash') ? 4096 : 3072,
    }
  } finally {
    job.kill()
    await until('the job has ended', () => job.state().status === 'finished')
    rmSync(folder, { recursive: true })
  }
}

function read(pid: number): { resident: number; own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
  return { resident: field('Rss'), own: field('Private_Clean') + field('Private_Dirty') }
}
