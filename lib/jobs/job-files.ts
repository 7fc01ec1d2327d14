import { basename, dirname, join } from 'node:path'

const PREFIX = '.serfx-job-'

/** The files beside a state file that one supervisor, and whoever starts it, needs for a while. */
export interface JobFiles {
  /** The next record, before it is moved over the state file. */
  draft: string
  /** As many blanks as the longest record has: the last record can be written over them when the disk is full. */
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

/** The lock of whoever reaps. The name is cut, for the system limits its length: files that share it reap one after another. */
export function reapLock(state: string): string {
  return `${draftPrefix(state)}reap-${basename(state).slice(0, 50)}`
}
