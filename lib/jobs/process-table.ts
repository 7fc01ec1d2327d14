import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { codeOf } from '../system-error'

/** A process as the kernel knows it at this moment. */
export interface ProcessEntry {
  /** When it started, in the kernel's own words: a pid and its mark are one process, for as long as the machine is up. */
  mark: string
  group: number
  /** It has ended, and only waits for its parent to take note. */
  zombie: boolean
}

const UNKNOWN = 'unknown'

/** Looks a process up; `undefined` when there is none of that pid. Throws when that cannot be found out. */
export function lookUp(pid: number): ProcessEntry | undefined {
  return process.platform === 'linux' ? lookUpProc(pid) : lookUpPs(pid)
}

/** Tells this boot of the machine from every other; `unknown` where the system does not say. Throws when that cannot be found out. */
export function bootId(): string {
  if (process.platform !== 'linux')
    return run('sysctl', '-n', 'kern.bootsessionuuid') ?? run('sysctl', '-n', 'kern.boottime') ?? UNKNOWN
  return readProc('sys/kernel/random/boot_id')?.trim() ?? UNKNOWN
}

function lookUpProc(pid: number): ProcessEntry | undefined {
  const text = readProc(`${pid}/stat`)
  if (text === undefined) return undefined
  // "PID (NAME) STATE PARENT GROUP ...": the name may hold blanks and brackets, what follows the last one does not.
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
    // ESRCH: the process went between opening and reading.
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

/** What a tool of the system prints, in one language and one time zone; `undefined` when it ends with an error. */
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
    // A tool that could not be started says nothing of what it was asked.
    if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number')
      return undefined
    throw error
  }
}
