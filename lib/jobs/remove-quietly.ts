import { unlinkSync } from 'node:fs'

/** Deletes a file if that can be done. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is already gone, or not ours. Nothing depends on it.
  }
}
