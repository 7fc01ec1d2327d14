import { constants } from 'node:os'
import type { Observable } from 'rxjs'
import { shown } from '../arguments'
import { SerfError } from '../errors'
import { codeOf, messageOf } from '../system-error'
import { resolveJob, type AsyncJobOptions, type Job } from './job-options'
import type { JobState } from './job-state'
import { launchJob } from './launch-job'
import { observe, type Observation } from './observe'
import { signalGroup } from './signal-group'
import { expectFolder, isFree } from './read-state'
import { reapState } from './reap-state'
import { watchJob } from './watch-job'

/** What a step of a job came to. The state tells more. */
export type JobResult = 'success' | 'failed'

/**
 * A command that outlives the process that starts it: a handler blocks its agent while it runs, so long work is handed to one of
 * these, and later queries check on it. All that is known of the job is in its state file; any process that makes
 * an `AsyncJob` of the same `state` sees and steers the same job.
 *
 * Works on Linux and macOS. Nothing here is async but {@link AsyncJob.watch}: a handler's answer waits for it.
 * @throws TypeError or RangeError for options that cannot be right.
 * @example
 * const job = new AsyncJob({ command: ['pg_dump', '-f', '/backup/db.sql'], state: '/var/lib/backup/state.json' })
 * if (job.start() === 'success') console.log(job.state().status)
 */
export class AsyncJob {
  readonly #job: Job

  constructor(options: AsyncJobOptions) {
    this.#job = resolveJob(options)
  }

  /**
   * Starts the command in the background. `success` says that this call, of all that were made, is the one that started it; what becomes
   * of the command (it may not be found) the state says, a few milliseconds later. `failed` while there is a state file: reap
   * first; also when the system could not start another process, which leaves the state `failed` with the `error`.
   * @throws SerfError `UNSUPPORTED_PLATFORM` on Windows; with the system's code (`ENOENT`, `ENOTDIR`, `EACCES`, ...) where the state
   * file cannot be made, first of all because its folder does not exist.
   */
  start(): JobResult {
    const job = this.#job
    if (process.platform === 'win32')
      throw new SerfError(
        'jobs need a POSIX system: AsyncJob does not work on Windows',
        'UNSUPPORTED_PLATFORM',
      )
    try {
      expectFolder(job.folder)
      if (!isFree(job.state)) return 'failed'
      return launchJob(job) ? 'success' : 'failed'
    } catch (error) {
      const code = codeOf(error) ?? 'UNKNOWN'
      throw new SerfError(
        `the job's state file ${job.state} cannot be made: ${adviceOn(code)}: ${messageOf(error)}`,
        code,
        { cause: error },
      )
    }
  }

  /**
   * Sends a signal to the command's whole process group. Only while it is `running`, and only if pid, start time and boot are those
   * of the command. In the instant after `start`, while it is still `invoking`, it waits up to a second for that.
   * `success` says that the signal was sent; the state becomes `finished` when the command has ended of it.
   * @param signal Default: `SIGKILL`.
   * @throws TypeError for what is no signal of this system.
   */
  kill(signal: NodeJS.Signals = 'SIGKILL'): JobResult {
    if (!Object.hasOwn(constants.signals, signal))
      throw new TypeError(`kill: there is no signal ${shown(signal)}`)
    const { state, identity } = this.#whenInvoked()
    if (state.status !== 'running' || state.pid === undefined || !identity) return 'failed'
    return signalGroup(state.pid, identity.command, signal) ? 'success' : 'failed'
  }

  /**
   * Deletes the state file of a `finished`, `failed` or `lost` job, so that it can be started again. `failed` for any other,
   * where the file cannot be deleted, and where something else than a file is in its place (an empty folder is deleted).
   */
  reap(): JobResult {
    try {
      return reapState(this.#job.state) ? 'success' : 'failed'
    } catch {
      return 'failed'
    }
  }

  /** The state as JSON text on one line, `{"status":"absent"}` when there is none. Fits into an agent's answer. Never throws. */
  stateInfo(): string {
    return JSON.stringify(this.state())
  }

  /**
   * What the job is in now. A state file that cannot be read, or makes no sense, is `lost`, and `error` says what is wrong. Never throws.
   */
  state(): JobState {
    return observe(this.#job.state).state
  }

  /**
   * Emits the state now, then each that differs from the one before. Cold. Completes when the job has ended (`finished`, `failed`, `lost`, or
   * `absent` when it was there before); a job that is `absent` at first is waited for. Unsubscribing closes all that is held.
   * Loads rxjs. A change shows at once; the end of a job that lost its supervisor within half a second.
   */
  watch(): Observable<JobState> {
    return watchJob(this.#job.state)
  }

  /** What the job is in once it is no longer `invoking`, if that takes no longer than {@link INVOKING_LIMIT}. */
  #whenInvoked(): Observation {
    const deadline = performance.now() + INVOKING_LIMIT
    for (;;) {
      const observation = observe(this.#job.state)
      if (observation.state.status !== 'invoking' || performance.now() > deadline) return observation
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function adviceOn(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'its disk is full'
  return 'its folder must exist and be writable'
}

/** Milliseconds that `kill` waits for a job that is being started. */
const INVOKING_LIMIT = 1000
