import { spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { inheritedDescriptors } from './descriptors'
import { RESERVED_PREFIX, type Job } from './job-options'
import { lookUp } from './process-table'
import { BECOME } from './scripts/become'
import { FINISH } from './scripts/finish'
import { LAUNCH, SUPERVISE, WAIT } from './scripts/supervise'
import { shorten } from './shorten'
import { messageOf } from './system-error'
import { findTools, type Tools } from './tools'

/** A supervisor that has been spawned, and waits to be told what to do. */
export interface Supervisor {
  pid: number
  mark: string
  /** It starts the command. */
  begin(): void
  /** It ends without having done anything, as it also does when this process dies before either was called. */
  dismiss(): void
}

/** Spawns the supervisor of a job, away from everything that this process holds. A text says why it could not be. */
export function spawnSupervisor(
  job: Job,
  start: { boot: string; started: number },
  tools: Tools = findTools(),
): Supervisor | string {
  const nowhere = openSync('/dev/null', constants.O_RDWR)
  try {
    const child = spawn(tools.sh, ['-c', SUPERVISE, 'serfx-job'], {
      cwd: '/',
      detached: true,
      env: { ...environmentOf(job), ...messageTo(job, start, tools) },
      stdio: ['pipe', 'ignore', 'ignore', ...cover(inheritedDescriptors(), nowhere)],
    })
    // Whatever goes wrong from here on shows in the state: the supervisor is gone without having changed it.
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
    closeSync(nowhere)
  }
}

/** Entries for `stdio` from 3 on that put `/dev/null` in the place of each of these descriptors, and leave the others alone. */
function cover(descriptors: readonly number[], nowhere: number): (number | 'ignore')[] {
  const length = Math.max(2, ...descriptors) - 2
  const covered = new Set(descriptors)
  return Array.from({ length }, (_, index) => (covered.has(index + 3) ? nowhere : 'ignore'))
}

function environmentOf(job: Job): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith(RESERVED_PREFIX))
  return { ...Object.fromEntries(inherited), ...job.environment }
}

/** What the scripts need to know of this job. Texts that get into the state file are JSON already: a shell cannot escape. */
function messageTo(job: Job, start: { boot: string; started: number }, tools: Tools): NodeJS.ProcessEnv {
  const message: Record<string, string> = {
    AWK: tools.awk,
    BECOME,
    BOOT: start.boot,
    COMMAND_TEXT: escaped(job.argv[0]),
    COUNT: String(job.argv.length),
    CWD: job.cwd,
    CWD_TEXT: escaped(job.cwd),
    DATE: tools.date,
    FINISH,
    LAUNCH,
    MARK: '',
    MV: tools.mv,
    NAME: job.name === undefined ? '' : `"name":${JSON.stringify(job.name)},`,
    PERL: tools.perl,
    PID: '',
    PS: tools.ps,
    SETSID: tools.setsid,
    SH: tools.sh,
    STARTED: String(start.started),
    STATE: job.state,
    STDERR: job.stderr,
    STDERR_TEXT: escaped(job.stderr),
    STDOUT: job.stdout,
    STDOUT_TEXT: escaped(job.stdout),
    TEMPORARY: join(job.folder, '.serfx-job-'),
    WAIT,
  }
  job.argv.forEach((argument, index) => (message[index] = argument))
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [RESERVED_PREFIX + name, value]))
}

function escaped(text: string): string {
  return JSON.stringify(shorten(text, 160)).slice(1, -1)
}
