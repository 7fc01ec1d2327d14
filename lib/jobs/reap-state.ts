import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { jobFiles, lockName, lockPrefix } from './job-files'
import { hasEnded } from './job-state'
import { lock } from './lock'
import { observe, type Observation } from './observe'
import { readState, type Reading } from './read-state'
import { removeQuietly } from './remove-quietly'

/**
 * Deletes the state file of a job that has ended. Returns `false` when it has not ended, or when another
 * process is about to delete the file. The lock is named after the text of the file, which no later job
 * repeats. For why this deletes the file that was read and no other, see
 * docs/decisions/0004-job-supervisor.md.
 */
export function reapState(path: string): boolean {
  const observation = observe(path)
  if (!isReapable(observation)) return false
  const seen = asText(observation.reading)
  const held = lock(lockName(path, seen))
  if (held === undefined) return false
  try {
    if (!remove(path, observation, seen)) return false
  } finally {
    removeQuietly(held)
  }
  removeLeftLocks(path)
  return true
}

function remove(path: string, observation: Observation, seen: string): boolean {
  if (asText(readState(path)) !== seen) return false
  removeFilesOf(path, observation)
  // The last record of a lost job may have been moved into place just before its draft was removed. From now
  // on none can be.
  if (asText(readState(path)) !== seen) return false
  if (lstatSync(path).isDirectory()) rmdirSync(path)
  else unlinkSync(path)
  return true
}

/** What cannot be read may be a running job of another user. */
function isReapable({ state, isUnread }: Observation): boolean {
  return !isUnread && hasEnded(state.status)
}

function removeFilesOf(path: string, { state: { ppid, started } }: Observation): void {
  if (ppid === undefined || started === undefined) return
  const { draft, room } = jobFiles(path, ppid, started)
  removeQuietly(draft)
  removeQuietly(room)
}

/** Removes the locks for earlier texts of the state file, which killed reapers have left. */
function removeLeftLocks(path: string): void {
  try {
    const folder = dirname(path)
    const files = readdirSync(folder).filter((file) => join(folder, file).startsWith(lockPrefix(path)))
    // The order matters: a lock that is listed before the file is read, and is not for its text, is for a
    // text that never returns.
    const reading = readState(path)
    if (reading && 'code' in reading) return
    for (const file of files.map((name) => join(folder, name)))
      if (!file.startsWith(lockName(path, asText(reading)))) removeQuietly(file)
  } catch {
    // They do no harm.
  }
}

function asText(reading: Reading): string {
  return JSON.stringify(reading ?? null)
}
