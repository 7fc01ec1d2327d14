import { basename, dirname, join } from 'node:path'

const PREFIX = '.serfx-job-'

/** The files beside a state file that one supervisor and its starter need for a while. */
export interface JobFiles {
  /** The next record, before it is moved over the state file. */
  draft: string
  /** A file as long as the longest record: the last record can be written over it when the disk is full. */
  room: string
}

/** The script `supervise.sh` makes the same names. */
export function jobFiles(state: string, pid: number, started: number): JobFiles {
  const draft = `${draftPrefix(state)}${pid}-${started}`
  return { draft, room: `${draft}-room` }
}

/** What comes before the pid of the supervisor. */
export function draftPrefix(state: string): string {
  return join(dirname(state), PREFIX)
}

/** What the names of all locks of a state file begin with. */
export function lockPrefix(state: string): string {
  return `${draftPrefix(state)}reap-${digest(basename(state))}-`
}

/** The lock of whoever reaps the state file as long as it says `seen`. */
export function lockName(state: string, seen: string): string {
  return `${lockPrefix(state)}${digest(seen)}`
}

/**
 * FNV-1a of 64 bits: enough to tell a few texts apart, while node:crypto takes longer to load than a job to
 * start.
 */
function digest(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36)
}
