/**
 * Commands that outlive the handler that starts them. Start with {@link AsyncJob}. Loads only Node's own
 * modules.
 * @module serfx/jobs
 */
export { AsyncJob } from './async-job'
export { jobControl } from './job-control'

export type { JobResult } from './async-job'
export type { AsyncJobOptions } from './job-options'
export type { JobState, JobStatus } from './job-state'
