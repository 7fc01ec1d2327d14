import { MAX_NAME_BYTES } from './job-options'
import { shorten } from './shorten'

export type JobStatus = 'absent' | 'invoking' | 'running' | 'finished' | 'failed' | 'lost'

/** What is known of a job. Times are epoch seconds. */
export interface JobState {
  status: JobStatus
  name?: string
  /** The command: also the id of its process group. */
  pid?: number
  /** The supervisor: whoever the command's parent is now. */
  ppid?: number
  /** When it was started. */
  started?: number
  /** When it came into this state. */
  time?: number
  /** The boot of the machine that it was started in. */
  boot?: string
  /** `finished`: what the command exited with. */
  exitstatus?: number
  /** `finished`: what ended the command instead, e.g. `SIGTERM`. */
  signal?: string
  /** `failed`: why; `lost`: what is wrong with the state file. At most 300 bytes. */
  error?: string
}

/**
 * The kernel's own start marks of the two processes, which make a pid an identity. Kept in the state file beside what people
 * read, since an epoch time is no identity: it is whole seconds, and it moves when the machine's clock is set.
 */
export interface Identity {
  supervisor: string
  command: string
}

/** What a state file says, believed only as far as it is well-formed. */
export interface Entry {
  state: JobState
  identity: Identity | undefined
}

export const MAX_ERROR_BYTES = 300
const STORED: readonly unknown[] = ['invoking', 'running', 'finished', 'failed']

/** Reads the text of a state file. One that nobody here has written is `lost`, with an `error` that says why. */
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

/** `SUPERVISOR/COMMAND/STARTED`: the last ties the time that people read to the marks. */
function identityOf(value: unknown, started: number | undefined): Identity | undefined {
  if (typeof value !== 'string' || started === undefined) return undefined
  const [supervisor, command, seconds, ...rest] = value.split('/')
  if (!supervisor || command === undefined || seconds !== String(started) || rest.length > 0) return undefined
  return { supervisor, command }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** 0, 1 and negative numbers address whole groups, or init: a job is never one of them. */
function isPid(value: unknown): value is number {
  return isCount(value) && value > 1
}
