import { linkSync, writeFileSync } from 'node:fs'
import { codeOf } from '../system-error'
import type { JobFiles } from './job-files'
import { removeQuietly } from './remove-quietly'

/** Bytes of the longest record: the name takes 256, an error 640. */
const MAX_RECORD_BYTES = 2048

/**
 * Creates the state file, complete from its first moment on, with mode 0600. Returns `false` when there is
 * one already. A hard link makes both possible: it fails on a name that exists, and it brings a file that is
 * already written. The file that keeps room for the last record stays.
 */
export function claimState(path: string, record: string, { draft, room }: JobFiles): boolean {
  let won = false
  try {
    writeFileSync(room, `${' '.repeat(MAX_RECORD_BYTES - 1)}\n`, { mode: 0o600 })
    writeFileSync(draft, `${record}\n`, { mode: 0o600 })
    linkSync(draft, path)
    won = true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    removeQuietly(draft)
    if (!won) removeQuietly(room)
  }
  return won
}
