import { broken, parseEntry, type Entry, type Identity, type JobState } from './job-state'
import { bootId, lookUp } from './process-table'
import { readState, type Reading } from './state-file'

/** What a job is in now, and what its state file said when that was found out. */
export interface Observation {
  state: JobState
  identity: Identity | undefined
  reading: Reading
  /** It could not be found out, for a reason that says nothing of the job: this process is out of descriptors, say. */
  passing: boolean
}

const PROBLEMS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder',
  ENOTREG: 'is not a regular file',
  EFBIG: 'is too large to be one',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ELOOP: 'is a link that leads to itself',
  ENOENT: 'is a link that points nowhere',
}

/** Reads the state file, and holds what it says against the processes that there are. Never throws. */
export function observe(path: string): Observation {
  for (;;) {
    const reading = readState(path)
    if (!reading) return { state: { status: 'absent' }, identity: undefined, reading, passing: false }
    const passing = 'code' in reading && !Object.hasOwn(PROBLEMS, reading.code)
    const { state, identity } =
      'text' in reading ? parseEntry(reading.text) : broken(problem(path, reading.code))
    const why = whyLost({ state, identity })
    if (why === undefined) return { state, identity, reading, passing }
    // A supervisor records the end and is gone: what was read before that is old, and must not pass for a loss.
    if (JSON.stringify(readState(path)) === JSON.stringify(reading))
      return { state: { ...state, status: 'lost', error: why }, identity, reading, passing }
  }
}

/** Whether that pid is the process that had this mark, and has not ended. */
function lives(pid: number, mark: string): boolean {
  const process = lookUp(pid)
  return process !== undefined && process.mark === mark && !process.zombie
}

/** Why an entry that says the job is on its way cannot be believed; `undefined` when it can. */
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
  // The command is not there (yet, or any more): then its supervisor is, and about to record what became of it.
  if (lives(ppid, identity.supervisor)) return undefined
  return status === 'invoking'
    ? 'the supervisor ended before it had started the command'
    : 'the supervisor ended before the command, so nobody knows how that ended'
}

function problem(path: string, code: string): string {
  return `${code}: the state file ${PROBLEMS[code] ?? 'cannot be read'}: ${path}`
}
