import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { jobFiles, lockName, lockPrefix } from './job-files'
import { lock } from './lock'
import { observe, type Observation } from './observe'
import { readState, type Reading } from './read-state'
import { removeQuietly } from './remove-quietly'

const ENDED: readonly string[] = ['finished', 'failed', 'lost']

/**
 * Deletes the state file of a job that has ended: `false` when it has not, or when another process is about to delete it. The lock is named
 * after what the file says, which no later job says again. Why this deletes the file that was read, and no other:
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
  // Of a lost job, the last record may have been moved in place just before its draft was removed. None can be any more.
  if (asText(readState(path)) !== seen) return false
  if (lstatSync(path).isDirectory()) rmdirSync(path)
  else unlinkSync(path)
  return true
}

/** What cannot be read may be a job of somebody else, and run. */
function isReapable({ state, isUnread }: Observation): boolean {
  return !isUnread && ENDED.includes(state.status)
}

function removeFilesOf(path: string, { state: { ppid, started } }: Observation): void {
  if (ppid === undefined || started === undefined) return
  const { draft, room } = jobFiles(path, ppid, started)
  removeQuietly(draft)
  removeQuietly(room)
}

/** Removes the locks of what the state file has said, but says no more: those that killed reapers have left. */
function removeLeftLocks(path: string): void {
  try {
    const folder = dirname(path)
    const files = readdirSync(folder).filter((file) => join(folder, file).startsWith(lockPrefix(path)))
    // In this order: what is listed, and is not of what the file says after that, is of something that it never says again.
    const reading = readState(path)
    if (reading && 'code' in reading) return
    for (const file of files.map((name) => join(folder, name)))
      if (!file.startsWith(lockName(path, asText(reading)))) removeQuietly(file)
  } catch {
    // They are in nobody's way.
  }
}

function asText(reading: Reading): string {
  return JSON.stringify(reading ?? null)
}
