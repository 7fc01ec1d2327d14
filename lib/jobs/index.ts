/** `serfx/jobs`: commands that outlive the handler that starts them. Loads nothing but Node's own modules. */
export { AsyncJob } from './async-job'
export { jobControl } from './job-control'

export type { JobResult } from './async-job'
export type { AsyncJobOptions } from './job-options'
export type { JobState, JobStatus } from './job-state'
