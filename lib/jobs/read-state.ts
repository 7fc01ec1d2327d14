import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import { codeOf } from '../system-error'

/** What is at the path of a state file: a text, something that cannot be read as one, or nothing. */
export type Reading = { text: string } | { code: string } | undefined

const MAX_BYTES = 16_384

/** Never throws and never waits: a named pipe, a device or an endless file is reported, not read. */
export function readState(path: string): Reading {
  for (;;) {
    const reading = readFile(path)
    if (!isNothing(reading)) return reading
    const found = look(path)
    if (found === undefined) return undefined
    // A link that points nowhere is in the way of a start. Anything else has been created since the reading:
    // read it again.
    if (found !== 'file') return { code: found === 'link' ? 'ENOENT' : found.code }
  }
}

/** Whether a state file can be made: nothing is at that path, not even a link that points nowhere. */
export function isFree(path: string): boolean {
  return look(path) === undefined
}

/** Throws the system's error when there is no such folder, and one like it when it is something else. */
export function expectFolder(path: string): void {
  if (statSync(path).isDirectory()) return
  throw Object.assign(new Error(`ENOTDIR: not a folder: ${path}`), { code: 'ENOTDIR' })
}

function readFile(path: string): { text: string } | { code: string } {
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
    return { code: codeOf(error) ?? 'UNKNOWN' }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** What is at that path itself; `undefined` for nothing. */
function look(path: string): 'link' | 'file' | { code: string } | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? 'link' : 'file'
  } catch (error) {
    const code = codeOf(error) ?? 'UNKNOWN'
    return isNothing({ code }) ? undefined : { code }
  }
}

/** Whether there is no such file, or no folder that it could be in. */
function isNothing(reading: { text: string } | { code: string }): boolean {
  return 'code' in reading && (reading.code === 'ENOENT' || reading.code === 'ENOTDIR')
}
