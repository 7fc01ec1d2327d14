import type { Job } from './job-options'
import { MAX_ERROR_BYTES, renderEntry } from './job-state'
import { bootId } from './process-table'
import { shorten } from './shorten'
import { claimState } from './state-file'
import { spawnSupervisor } from './supervisor'
import { findTools } from './tools'

/**
 * Spawns a supervisor that stands by, claims the state file for it, and has it go to work: `true` when this launch is the one that
 * won. So the state names a supervisor from the first moment on, and a starter that dies on the way leaves no job
 * that nobody can tell from a lost one.
 */
export function launchJob(job: Job, tools = findTools()): boolean {
  const started = Math.floor(Date.now() / 1000)
  const boot = bootId()
  const common = { ...(job.name !== undefined && { name: job.name }), started, time: started, boot }
  const supervisor = spawnSupervisor(job, { boot, started }, tools)
  if (typeof supervisor === 'string') {
    const error = shorten(supervisor, MAX_ERROR_BYTES)
    claimState(job.state, renderEntry({ ...common, status: 'failed', error }, ''))
    return false
  }
  const entry = { ...common, status: 'invoking', ppid: supervisor.pid } as const
  let won = false
  try {
    won = claimState(job.state, renderEntry(entry, `${supervisor.mark}//${started}`))
    return won
  } finally {
    if (won) supervisor.begin()
    else supervisor.dismiss()
  }
}
