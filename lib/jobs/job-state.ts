import { MAX_NAME_BYTES } from './job-options'
import { shorten } from './shorten'

/**
 * - `absent`: there is no state file.
 * - `invoking`: the job is claimed, and its command does not run yet.
 * - `running`: the command runs.
 * - `finished`: the command has ended.
 * - `failed`: the command could not be run.
 * - `lost`: how the command ended is unknown, or the state file is not valid.
 */
export type JobStatus = 'absent' | 'invoking' | 'running' | 'finished' | 'failed' | 'lost'

/** Whether a job with this status changes no more. */
export const hasEnded = (status: JobStatus): boolean =>
  status === 'finished' || status === 'failed' || status === 'lost'

/** The state of a job. Times are epoch seconds. */
export interface JobState {
  status: JobStatus
  name?: string
  /** The process id of the command, which is also that of its process group. */
  pid?: number
  /** The process id of the supervisor. */
  ppid?: number
  /** When the job was started. */
  started?: number
  /** When this state began. */
  time?: number
  /** The id of the machine's boot in which it was started. */
  boot?: string
  /** `finished`: the exit status of the command. */
  exitstatus?: number
  /** `finished`: the signal that ended the command, e.g. `SIGTERM`. */
  signal?: string
  /** `failed`: why; `lost`: what is wrong with the state file. At most 300 bytes. */
  error?: string
}

/**
 * The kernel's start marks of the two processes, which together with a pid identify a process. They are in
 * the state file beside the times that people read, because an epoch time identifies nothing: it has whole
 * seconds, and moves when the clock is set.
 */
export interface Identity {
  supervisor: string
  command: string
}

/** What a state file says, as far as it is well-formed. */
export interface Entry {
  state: JobState
  identity: Identity | undefined
}

export const MAX_ERROR_BYTES = 300
const STORED: readonly unknown[] = ['invoking', 'running', 'finished', 'failed']

/**
 * Parses the text of a state file. A text that no supervisor can have written is `lost`, with an `error` that
 * says why.
 */
export function parseEntry(text: string): Entry {
  const record = parseRecord(text)
  if (typeof record === 'string') return { state: { status: 'lost', error: record }, identity: undefined }
  if (!isStored(record['status'])) return broken('the state file has no status that a job can have')
  const state = { status: record['status'], ...details(record) }
  return { state, identity: identityOf(record['identity'], state.started) }
}

export function broken(error: string): Entry {
  return { state: { status: 'lost', error: shorten(error, MAX_ERROR_BYTES) }, identity: undefined }
}

function parseRecord(text: string): Record<string, unknown> | string {
  if (text.trim() === '') return 'the state file is empty'
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    return 'the state file is not a JSON object'
  } catch {
    return 'the state file is not JSON'
  }
}

function isStored(status: unknown): status is JobStatus {
  return STORED.includes(status)
}

function details(record: Record<string, unknown>): Omit<JobState, 'status'> {
  const { name, pid, ppid, started, time, boot, exitstatus, signal, error } = record
  return {
    ...(typeof name === 'string' && { name: shorten(name, MAX_NAME_BYTES) }),
    ...(isPid(pid) && { pid }),
    ...(isPid(ppid) && { ppid }),
    ...(isCount(started) && { started }),
    ...(isCount(time) && { time }),
    ...(typeof boot === 'string' && { boot: shorten(boot, 64) }),
    ...(isCount(exitstatus) && exitstatus < 256 && { exitstatus }),
    ...(typeof signal === 'string' && /^SIG[A-Z0-9+-]{1,12}$/.test(signal) && { signal }),
    ...(typeof error === 'string' && { error: shorten(error, MAX_ERROR_BYTES) }),
  }
}

/** `SUPERVISOR/COMMAND/STARTED`. The last ties the time that people read to the marks. */
function identityOf(value: unknown, started: number | undefined): Identity | undefined {
  if (typeof value !== 'string' || started === undefined) return undefined
  const [supervisor, command, seconds, ...rest] = value.split('/')
  if (!supervisor || command === undefined || seconds !== String(started) || rest.length > 0) return undefined
  return { supervisor, command }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** 0, 1 and negative numbers address whole groups or init, which are never a job. */
function isPid(value: unknown): value is number {
  return isCount(value) && value > 1
}
