import { messageOf } from '../system-error'
import type { AsyncJob } from './async-job'
import { shorten } from './shorten'

/**
 * Makes the handler of a query that steers a job: the payload `start`, `kill`, `reap` or `check` (blanks around it do not matter) is carried
 * out, and answered with `success`, `failed`, or, for `check`, the state as JSON. Any other payload is answered `failed`. Where `start` throws,
 * the answer is `failed: ` and the reason, in at most 300 bytes: an error would send no answer at all, and nobody at the agent would see why.
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
