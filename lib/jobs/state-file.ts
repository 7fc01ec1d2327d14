import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from './system-error'

/** What stands at the path of a state file: nothing, a text, or something that cannot be read as one. */
export type Reading = { text: string } | { code: string } | undefined

const MAX_BYTES = 16_384
let count = 0

/** Never throws, never waits: a named pipe, a device or a file without end is reported, not read. */
export function readState(path: string): Reading {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const status = fstatSync(descriptor)
    if (status.isDirectory()) return { code: 'EISDIR' }
    if (!status.isFile()) return { code: 'ENOTREG' }
    const buffer = Buffer.alloc(MAX_BYTES + 1)
    const length = readSync(descriptor, buffer)
    return length > MAX_BYTES ? { code: 'EFBIG' } : { text: buffer.toString('utf8', 0, length) }
  } catch (error) {
    const code = codeOf(error)
    // A link that points nowhere is in the way of a start, so it is not nothing.
    return isNothing(code) && isFree(path) ? undefined : { code }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** Whether a state file could be made there: nothing is at that path, not even a link that points nowhere. */
export function isFree(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    return isNothing(codeOf(error))
  }
}

/** Throws what the system says when there is no such folder, and what it would say when it is something else. */
export function expectFolder(path: string): void {
  if (statSync(path).isDirectory()) return
  throw Object.assign(new Error(`ENOTDIR: not a folder: ${path}`), { code: 'ENOTDIR' })
}

/**
 * Creates the state file whole and at once, mode 0600: `false` when one was there already, whoever won.
 * A hard link is what makes both true: it fails on a name that exists, and it brings a file that is written already.
 */
export function claimState(path: string, text: string): boolean {
  const temporary = temporaryPath(path)
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    removeQuietly(temporary)
  }
}

/**
 * Takes the state file away if it still says what `seen` says. It is moved aside before it is looked at again: between a look
 * and an `unlink` another process could have reaped it and started anew, and that job's file is not ours to take.
 */
export function removeState(path: string, seen: Reading): boolean {
  const aside = temporaryPath(path)
  try {
    renameSync(path, aside)
  } catch {
    return false
  }
  if (isSame(readState(aside), seen) && discard(aside)) return true
  restore(aside, path)
  return false
}

/** Where the supervisor of that pid writes what it is about to put in the state file's place. */
export function supervisorTemporary(folder: string, supervisor: number): string {
  return join(folder, `.serfx-job-${supervisor}`)
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Already gone, or not ours: nothing depends on it.
  }
}

/** No such file, or not even a folder that it could be in. */
function isNothing(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function temporaryPath(path: string): string {
  return join(dirname(path), `.serfx-job-${process.pid}-${Date.now().toString(36)}-${count++}`)
}

/** The same text; or something that is no text, of which there is no more to know. */
function isSame(now: Reading, seen: Reading): boolean {
  if (!now || !seen) return false
  return 'text' in now ? 'text' in seen && now.text === seen.text : 'code' in seen
}

function discard(path: string): boolean {
  try {
    if (lstatSync(path).isDirectory()) rmdirSync(path)
    else unlinkSync(path)
    return true
  } catch {
    return false
  }
}

function restore(aside: string, path: string): void {
  try {
    if (lstatSync(aside).isDirectory()) renameSync(aside, path)
    else {
      linkSync(aside, path)
      unlinkSync(aside)
    }
  } catch {
    removeQuietly(aside)
  }
}
