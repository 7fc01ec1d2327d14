import { messageOf } from '../system-error'
import type { AsyncJob } from './async-job'
import { shorten } from './shorten'

/**
 * Makes a function for `respond` that controls a job by query. The payload is `start`, `kill`, `reap` or
 * `check` (spaces around it do not matter). The answer is `success` or `failed`, and for `check` the state as
 * JSON. The answer to any other payload is `failed`. When `start` throws, the answer is `failed: ` and the
 * reason, at most 300 bytes: an error would send no answer, and nobody at the agent would see why.
 * @example
 * events$.pipe(ofQuery('backup'), respond(jobControl(job))).subscribe()
 */
export function jobControl(job: AsyncJob): (event: { text: string }) => string {
  return ({ text }) => {
    try {
      switch (text.trim()) {
        case 'start':
          return job.start()
        case 'kill':
          return job.kill()
        case 'reap':
          return job.reap()
        case 'check':
          return job.stateInfo()
        default:
          return 'failed'
      }
    } catch (error) {
      return shorten(`failed: ${messageOf(error)}`, 300)
    }
  }
}
