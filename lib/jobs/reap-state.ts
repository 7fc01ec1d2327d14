import { lstatSync, rmdirSync, unlinkSync } from 'node:fs'
import { jobFiles, reapLock } from './job-files'
import { lock } from './lock'
import { observe, type Observation } from './observe'
import { readState } from './read-state'
import { removeQuietly } from './remove-quietly'

const ENDED: readonly string[] = ['finished', 'failed', 'lost']

/**
 * Deletes the state file of a job that has ended: `false` when it has not, and when another process is about to delete it. Whoever
 * deletes it has the lock, and decides with the lock; the decision document says why that file cannot be another one by then.
 */
export function reapState(path: string): boolean {
  if (!isReapable(observe(path))) return false
  const unlock = lock(reapLock(path))
  if (!unlock) return false
  try {
    const observation = observe(path)
    if (!isReapable(observation)) return false
    removeFilesOf(path, observation)
    // Of a lost job a last record may have arrived just before its draft was removed. None can arrive any more.
    if (JSON.stringify(readState(path)) !== JSON.stringify(observation.reading)) return false
    if (lstatSync(path).isDirectory()) rmdirSync(path)
    else unlinkSync(path)
    return true
  } finally {
    unlock()
  }
}

/** What cannot be read may be somebody else's job that runs. */
function isReapable({ state, isUnread }: Observation): boolean {
  return !isUnread && ENDED.includes(state.status)
}

function removeFilesOf(path: string, { state: { ppid, started } }: Observation): void {
  if (ppid === undefined || started === undefined) return
  const { draft, room } = jobFiles(path, ppid, started)
  removeQuietly(draft)
  removeQuietly(room)
}
