import { spawn } from 'node:child_process'
import { messageOf } from '../system-error'
import { coverInherited, type Cover } from './descriptors'
import { RESERVED_PREFIX, type Job } from './job-options'
import { messageTo, type Plan } from './message'
import { lookUp } from './process-table'
import { SUPERVISE } from './scripts'
import { findTools, type Tools } from './tools'

/** A supervisor that was spawned and waits to be told what to do. */
export interface Supervisor {
  pid: number
  mark: string
  /** Makes it start the command. */
  begin(): void
  /**
   * Makes it end without having done anything. That is also what it does when this process dies before either
   * call.
   */
  dismiss(): void
}

/**
 * Spawns the supervisor of a job, separate from everything that this process has open. Returns a text when
 * that fails: why.
 */
export function spawnSupervisor(job: Job, plan: Plan, tools: Tools = findTools()): Supervisor | string {
  let cover: Cover | undefined
  try {
    cover = coverInherited()
    const child = spawn(tools.sh, ['-c', SUPERVISE, 'serfx-job'], {
      cwd: '/',
      detached: true,
      env: { ...environmentOf(job), ...messageTo(job, plan, tools) },
      stdio: ['pipe', 'ignore', 'ignore', ...cover.stdio],
    })
    // Whatever goes wrong from here on shows in the state: the supervisor is gone and has not changed it.
    child.on('error', () => undefined)
    child.stdin?.on('error', () => undefined)
    child.unref()
    const mark = child.pid === undefined ? undefined : lookUp(child.pid)?.mark
    if (child.pid === undefined || mark === undefined) {
      child.stdin?.destroy()
      return 'the supervisor could not be started: is the system out of processes, memory or descriptors?'
    }
    return {
      pid: child.pid,
      mark,
      begin: () => child.stdin?.end(`${mark}\n`),
      dismiss: () => child.stdin?.destroy(),
    }
  } catch (error) {
    return `the supervisor could not be started: ${messageOf(error)}`
  } finally {
    cover?.close()
  }
}

function environmentOf(job: Job): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith(RESERVED_PREFIX))
  return { ...Object.fromEntries(inherited), ...job.environment }
}
