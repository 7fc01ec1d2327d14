import { claimState } from './claim-state'
import { jobFiles } from './job-files'
import type { Job } from './job-options'
import { MAX_ERROR_BYTES } from './job-state'
import { bootId } from './process-table'
import { fillRecord, recordFormat } from './record'
import { removeQuietly } from './remove-quietly'
import { shorten } from './shorten'
import { spawnSupervisor } from './supervisor'
import { findTools } from './tools'

/**
 * Spawns a supervisor that waits, claims the state file for it, and lets it begin. Returns `true` when this
 * launch won. So the state names a supervisor from its first moment on. If this process dies meanwhile, the
 * supervisor removes what it has left.
 */
export function launchJob(job: Job, tools = findTools()): boolean {
  const started = Math.floor(Date.now() / 1000)
  const record = recordFormat({ name: job.name, started, boot: bootId() })
  const supervisor = spawnSupervisor(job, { record, started }, tools)
  if (typeof supervisor === 'string') {
    recordFailure(job, { record, started }, supervisor)
    return false
  }
  const { pid, mark } = supervisor
  let won = false
  try {
    const invoking = fillRecord(record, 'invoking', `"ppid":${pid},`, started, mark, '', '')
    won = claimState(job.state, invoking, jobFiles(job.state, pid, started))
    return won
  } finally {
    if (won) supervisor.begin()
    else supervisor.dismiss()
  }
}

function recordFailure(job: Job, { record, started }: { record: string; started: number }, why: string) {
  const files = jobFiles(job.state, process.pid, started)
  // A reaper relies on it that no two records are the same.
  const unique = `${process.pid}.${process.hrtime.bigint()}`
  const outcome = `,"error":${JSON.stringify(shorten(why, MAX_ERROR_BYTES))}`
  claimState(job.state, fillRecord(record, 'failed', '', started, unique, '', outcome), files)
  removeQuietly(files.room)
}
