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

/** Whether a step succeeded. The state says more. */
export type JobResult = 'success' | 'failed'

/**
 * A command that outlives the process that starts it. A handler blocks its agent while it runs, so it hands
 * long work to a job, and later queries check on the job. Everything known about a job is in its state file:
 * any process that makes an `AsyncJob` with the same `state` sees and controls the same job.
 *
 * Works on Linux and macOS. Every method but {@link AsyncJob.watch} is synchronous, so that a handler can
 * answer with its result.
 * @throws TypeError for an option that does not exist or has the wrong type; RangeError for a name that is
 *   too long.
 * @example
 * const job = new AsyncJob({
 *   command: ['pg_dump', '-f', '/backup/db.sql'],
 *   state: '/var/lib/backup/state.json',
 * })
 * if (job.start() === 'success') console.log(job.state().status)
 */
export class AsyncJob {
  readonly #job: Job

  constructor(options: AsyncJobOptions) {
    this.#job = resolveJob(options)
  }

  /**
   * Starts the command in the background. `success`: this call started the job, and no other call did. A few
   * milliseconds later the state says what happened to the command, for example that it was not found.
   * `failed`: there is a state file, so reap first; or the system could not start another process, which
   * makes the state `failed` with an `error`.
   * @throws SerfError `UNSUPPORTED_PLATFORM` on Windows; with the system's code (`ENOENT`, `ENOTDIR`,
   *   `EACCES`, `ENOSPC`, ...) when the state file cannot be created, most often because its folder does not
   *   exist.
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
   * Sends a signal to the command's whole process group, while the job is `running` and if pid, start time
   * and boot are those of the command. If the job is still `invoking`, it waits for up to a second.
   * `success`: the signal was sent. The state becomes `finished` when the command has ended. `failed`: there
   * is no such process.
   * @param signal Default: `SIGKILL`.
   * @throws TypeError for a name that is not a signal of this system.
   */
  kill(signal: NodeJS.Signals = 'SIGKILL'): JobResult {
    if (!Object.hasOwn(constants.signals, signal))
      throw new TypeError(`kill: there is no signal ${shown(signal)}`)
    const { state, identity } = this.#whenInvoked()
    if (state.status !== 'running' || state.pid === undefined || !identity) return 'failed'
    return signalGroup(state.pid, identity.command, signal) ? 'success' : 'failed'
  }

  /**
   * Deletes the state file of a `finished`, `failed` or `lost` job, so that it can be started again.
   * `failed`: the job is in another state, its state may not be read, or the file cannot be deleted (a folder
   * in its place is deleted only if it is empty). Then nothing was changed. Never throws.
   */
  reap(): JobResult {
    try {
      return reapState(this.#job.state) ? 'success' : 'failed'
    } catch {
      return 'failed'
    }
  }

  /**
   * The state as one line of JSON, `{"status":"absent"}` without a state file. It fits into an agent's
   * answer. Never throws.
   */
  stateInfo(): string {
    return JSON.stringify(this.state())
  }

  /**
   * The current state. If the state file cannot be read or is not valid, the job is `lost`, and `error` says
   * why. Never throws.
   * @example
   * if (job.state().status === 'finished') console.log(job.state().exitstatus)
   */
  state(): JobState {
    return observe(this.#job.state).state
  }

  /**
   * Emits the current state, then each change. Cold: each subscription watches the state file by itself. If
   * the job is `absent` at first, it waits for it. Completes when the job is `finished`, `failed`, `lost`, or
   * `absent` again. Never errors. Unsubscribing stops watching. It emits a change at once, and the end of a
   * job that has lost its supervisor within half a second. Loads rxjs.
   * @example
   * job.watch().subscribe(({ status }) => console.log(status))
   */
  watch(): Observable<JobState> {
    return watchJob(this.#job.state)
  }

  /** The state once it is no longer `invoking`, or after {@link INVOKING_LIMIT}. */
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

/** How long `kill` waits for a job that is being started, in ms. */
const INVOKING_LIMIT = 1000
