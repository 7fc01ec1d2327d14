import { readlinkSync, symlinkSync } from 'node:fs'
import { codeOf } from '../system-error'
import { bootId, lookUp } from './process-table'

/**
 * Takes the lock `name` for this process and returns the file that says so, or `undefined` when another
 * process holds the lock. Deleting that file unlocks. When a holder has died, the next file is the lock: if
 * `name-0` is that of a dead process, it is `name-1`, and so on. The file of a dead holder must stay for as
 * long as the lock is in use.
 *
 * The files are symbolic links that point nowhere, because such a link is created together with its text, or
 * not at all.
 */
export function lock(name: string): string | undefined {
  const own = identify(process.pid)
  if (own === undefined) return undefined
  for (let index = 0; ;) {
    const file = `${name}-${index}`
    try {
      symlinkSync(own, file)
      return file
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const holder = holderOf(file)
    if (holder === undefined) continue
    if (identify(parseInt(holder, 10)) === holder) return undefined
    index++
  }
}

/** Who holds the lock; `undefined` when it was unlocked meanwhile. */
function holderOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * A text that identifies a process for ever; `undefined` when no process of that pid lives. A zombie does
 * not: nobody may ever wait for it.
 */
function identify(pid: number): string | undefined {
  const process = lookUp(pid)
  return process === undefined || process.zombie ? undefined : `${pid} ${process.mark} ${bootId()}`
}
