import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AsyncJob, type JobState } from 'serfx/jobs'
import type { AsyncJobOptions } from 'serfx/jobs'
import { until } from '../time/until'
import { endProcess, processStatus } from './processes'

/**
 * A folder for the jobs of one spec. It marks all their processes by an environment variable, so it can find
 * those that are left and end them.
 */
export class JobFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'serfx-jobs-'))
  /** The mark, in the environment of every process of a job in this folder, supervisors included. */
  readonly environment = { SERFX_SPEC: this.path }

  at(file: string): string {
    return join(this.path, file)
  }

  options(options: Partial<AsyncJobOptions> & Pick<AsyncJobOptions, 'command'>): AsyncJobOptions {
    return {
      state: this.at('state.json'),
      ...options,
      environment: { ...options.environment, ...this.environment },
    }
  }

  job(options: Partial<AsyncJobOptions> & Pick<AsyncJobOptions, 'command'>): AsyncJob {
    return new AsyncJob(this.options(options))
  }

  read(file: string): string {
    return readFileSync(this.at(file), 'utf8')
  }

  /** The pids of all living processes with the mark. */
  processes(): number[] {
    const mark = `SERFX_SPEC=${this.path}`
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(mark))
  }

  async noProcessLeft(): Promise<void> {
    await until(`no process of ${this.path} is left`, () => this.#isDeserted())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await until(`all processes of ${this.path} are ended`, () => {
      for (const pid of this.processes()) endProcess(pid)
      return this.#isDeserted()
    })
    rmSync(this.path, { recursive: true, force: true })
  }

  /** Looks several times, since a process in the middle of an exec has no environment for an instant. */
  #isDeserted(): boolean {
    return [1, 2, 3].every(() => this.processes().length === 0)
  }
}

export function becomes(job: AsyncJob, ...statuses: JobState['status'][]): Promise<JobState> {
  return until(`the job becomes ${statuses.join(' or ')}: ${job.stateInfo()}`, () => {
    const state = job.state()
    return statuses.includes(state.status) ? state : undefined
  }).catch((error: unknown) => {
    throw new Error(`instead it is ${job.stateInfo()}`, { cause: error })
  })
}

/** Waits until the job is running and its shell has become the command. */
export async function runs(job: AsyncJob): Promise<JobState & { pid: number; ppid: number }> {
  const state = await becomes(job, 'running')
  const { pid, ppid } = state
  if (pid === undefined || ppid === undefined) throw new Error(`no pids: ${JSON.stringify(state)}`)
  // The state says `running` just before the shell becomes the command.
  await until(`process ${pid} is the command`, () => processStatus(pid)?.['Name'] !== 'sh')
  return { ...state, pid, ppid }
}

export function ended(job: AsyncJob): Promise<JobState> {
  return becomes(job, 'finished', 'failed', 'lost')
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
