import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { codeOf } from '../system-error'

/** A process as the kernel knows it. */
export interface ProcessEntry {
  /**
   * When it started, as the kernel counts. A pid and a mark identify a process until the machine is rebooted.
   */
  mark: string
  group: number
  /** Whether it has ended and its parent has not noticed yet. */
  zombie: boolean
}

const UNKNOWN = 'unknown'

/** Looks up a process; `undefined` when there is none with that pid. Throws when that cannot be found out. */
export function lookUp(pid: number): ProcessEntry | undefined {
  return process.platform === 'linux' ? lookUpProc(pid) : lookUpPs(pid)
}

/**
 * Identifies this boot of the machine; `unknown` when the system does not say. Throws when that cannot be
 * found out.
 */
export function bootId(): string {
  if (process.platform !== 'linux')
    return run('sysctl', '-n', 'kern.bootsessionuuid') ?? run('sysctl', '-n', 'kern.boottime') ?? UNKNOWN
  return readProc('sys/kernel/random/boot_id')?.trim() ?? UNKNOWN
}

function lookUpProc(pid: number): ProcessEntry | undefined {
  const text = readProc(`${pid}/stat`)
  if (text === undefined) return undefined
  // "PID (NAME) STATE PARENT GROUP ...": the name may contain spaces and brackets, what follows the last
  // bracket does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, , group] = fields
  const mark = fields[19]
  if (mark === undefined) return undefined
  return { mark, group: Number(group), zombie: state === 'Z' || state === 'X' }
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'latin1')
  } catch (error) {
    // ESRCH: the process ended between opening and reading.
    if (['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}

function lookUpPs(pid: number): ProcessEntry | undefined {
  const [group, state, ...mark] =
    run('ps', '-o', 'pgid=', '-o', 'state=', '-o', 'lstart=', '-p', String(pid))?.split(/\s+/) ?? []
  if (group === undefined || state === undefined || mark.length === 0) return undefined
  return { mark: mark.join(' '), group: Number(group), zombie: state.startsWith('Z') }
}

/** The output of a system tool, in one language and one time zone; `undefined` when it fails. */
function run(tool: string, ...args: string[]): string | undefined {
  try {
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC0' }
    const text = execFileSync(tool, args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return text === '' ? undefined : text.replace(/"/g, "'")
  } catch (error) {
    // Only the exit status of a tool that was started is an answer.
    if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number')
      return undefined
    throw error
  }
}
