import { readlinkSync, symlinkSync } from 'node:fs'
import { codeOf } from '../system-error'
import { bootId, lookUp } from './process-table'

/**
 * Makes this process the one that holds the lock `name`, and gives the file that says so; `undefined` when another process holds it. To
 * unlock is to delete that file. A holder that dies is followed by the next one: where the file `name-0` is of a dead process, `name-1` is
 * the lock, and so on. Nobody may delete the file of a dead holder as long as the lock is of any use.
 *
 * The files are symbolic links that lead nowhere: such a link comes into being with its text, or not at all.
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

/** `undefined` when it has unlocked meanwhile. */
function holderOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** A text that no other process has had, or will have; `undefined` when there is no process of that pid. */
function identify(pid: number): string | undefined {
  const mark = lookUp(pid)?.mark
  return mark === undefined ? undefined : `${pid} ${mark} ${bootId()}`
}
