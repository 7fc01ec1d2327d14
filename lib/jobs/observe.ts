import { broken, parseEntry, type Entry, type Identity, type JobState } from './job-state'
import { bootId, lookUp } from './process-table'
import { codeOf, messageOf } from '../system-error'
import { readState, type Reading } from './read-state'

/** The state of a job, and what its state file said at that time. */
export interface Observation {
  state: JobState
  identity: Identity | undefined
  reading: Reading
  /**
   * Whether the state could not be found out: the file belongs to another user, say, or this process is out
   * of descriptors.
   */
  isUnread: boolean
}

/** Codes that mean that what is at the path is known and is no state file. */
const NO_STATE_FILE: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder',
  ENOTREG: 'is not a regular file',
  EFBIG: 'is too large to be one',
  ELOOP: 'is a link that leads to itself',
  ENOENT: 'is a link that points nowhere',
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'may not be read: it is probably of another user',
  EPERM: 'may not be read: it is probably of another user',
}

/** Reads the state file, and checks what it says against the processes that exist. Never throws. */
export function observe(path: string): Observation {
  try {
    return read(path)
  } catch (error) {
    const { state, identity } = broken(`the processes of the job cannot be looked up: ${messageOf(error)}`)
    return { state, identity, reading: { code: codeOf(error) ?? 'UNKNOWN' }, isUnread: true }
  }
}

function read(path: string): Observation {
  for (;;) {
    const reading = readState(path)
    if (!reading) return { state: { status: 'absent' }, identity: undefined, reading, isUnread: false }
    if ('code' in reading) {
      const { code } = reading
      const isUnread = !Object.hasOwn(NO_STATE_FILE, code)
      return { ...broken(problem(path, code)), reading, isUnread }
    }
    const { state, identity } = parseEntry(reading.text)
    const why = whyLost({ state, identity })
    if (why === undefined) return { state, identity, reading, isUnread: false }
    // A supervisor that has recorded the end is gone. What was read before that is old, and must not count as
    // a loss.
    if (JSON.stringify(readState(path)) === JSON.stringify(reading))
      return { state: { ...state, status: 'lost', error: why }, identity, reading, isUnread: false }
  }
}

/** Whether the process with this pid and this mark has not ended. */
function lives(pid: number, mark: string): boolean {
  const process = lookUp(pid)
  return process !== undefined && process.mark === mark && !process.zombie
}

/** Why an entry that says that the job has not ended is wrong; `undefined` when it is right. */
function whyLost({ state, identity }: Entry): string | undefined {
  const { status, pid, ppid, boot } = state
  if (status !== 'invoking' && status !== 'running') return undefined
  if (!identity || ppid === undefined || boot === undefined)
    return 'the state file does not say which processes it means'
  if (boot !== bootId()) return 'the machine was booted since'
  if (status === 'running') {
    if (pid === undefined) return 'the state file does not say which processes it means'
    const command = lookUp(pid)
    if (command && command.mark !== identity.command)
      return 'the command is gone, and its pid belongs to another process'
    if (command && !command.zombie) return undefined
  }
  // The command does not run yet, or no longer. If its supervisor lives, it is about to record what became of
  // the command.
  if (lives(ppid, identity.supervisor)) return undefined
  return status === 'invoking'
    ? 'the supervisor ended before it had started the command, or could not write to the disk'
    : 'nobody knows how the command ended: its supervisor ended before it, or could not write to the disk'
}

function problem(path: string, code: string): string {
  return `${code}: the state file ${NO_STATE_FILE[code] ?? UNREADABLE[code] ?? 'cannot be read'}: ${path}`
}
