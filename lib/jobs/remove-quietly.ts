import { unlinkSync } from 'node:fs'

/** Deletes a file if that can be done. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is gone already, or not ours: nothing depends on it.
  }
}
