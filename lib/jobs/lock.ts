import { readlinkSync, symlinkSync } from 'node:fs'
import { bootId, lookUp } from './process-table'
import { removeQuietly } from './remove-quietly'
import { codeOf } from '../system-error'

/**
 * Locks `name` against all other processes; gives the function that unlocks, or `undefined` when another process has it. Whoever dies with
 * the lock is followed by the next one. Why no two processes ever have it: docs/decisions/0004-job-supervisor.md.
 *
 * A link `name-0` is made, which says whose it is: links are made whole, or not at all. Where the holder of `name-0` is dead, `name-1` is the
 * lock, and so on. After that the links of the dead must still be there: only then nobody has unlocked and locked anew meanwhile.
 */
export function lock(name: string): (() => void) | undefined {
  const dead: string[] = []
  for (;;) {
    const holder = link(name, dead.length)
    if (holder === undefined) break
    if (lives(holder)) return undefined
    dead.push(holder)
  }
  const own = `${name}-${dead.length}`
  if (dead.every((holder, index) => readLink(`${name}-${index}`) === holder))
    return () => {
      dead.forEach((_, index) => removeQuietly(`${name}-${index}`))
      removeQuietly(own)
    }
  removeQuietly(own)
  return undefined
}

/** Makes that link for this process, or gives the holder of the one that is there. */
function link(name: string, index: number): string | undefined {
  for (;;) {
    try {
      symlinkSync(identify(process.pid) ?? '', `${name}-${index}`)
      return undefined
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const holder = readLink(`${name}-${index}`)
    if (holder !== undefined) return holder
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function lives(holder: string): boolean {
  return identify(parseInt(holder, 10)) === holder
}

/** A text that no other process has had, or will have; `undefined` when there is none of that pid. */
function identify(pid: number): string | undefined {
  const mark = lookUp(pid)?.mark
  return mark === undefined ? undefined : `${pid} ${mark} ${bootId()}`
}
