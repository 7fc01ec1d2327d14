import { dirname, resolve } from 'node:path'
import { knownOptions } from '../arguments'

/**
 * The options of an {@link AsyncJob}. Relative paths are resolved against the working directory at
 * `new AsyncJob()`.
 */
export interface AsyncJobOptions {
  /**
   * A name for people to read, kept in the state: at most 128 bytes, no control characters. Default: none.
   */
  name?: string | undefined
  /**
   * A string runs under `/bin/sh -c`. An array runs without a shell, and its arguments are passed on
   * unchanged.
   */
  command: string | readonly [string, ...string[]]
  /**
   * The state file. Its folder must exist, and only the user that the handler runs as should be able to write
   * there.
   */
  state: string
  /** A file to which the output of the command is appended. Default: `/dev/null`. */
  stdout?: string | undefined
  /** A file to which its error output is appended; may be the same file. Default: `/dev/null`. */
  stderr?: string | undefined
  /** Variables that are added to those of the handler. */
  environment?: Record<string, string> | undefined
  /** The command's working directory. Default: the handler's. */
  cwd?: string | undefined
}

/** A job whose options were checked. Every path is absolute, and the command is a list of arguments. */
export interface Job {
  readonly name: string | undefined
  readonly argv: readonly [string, ...string[]]
  readonly state: string
  readonly folder: string
  readonly stdout: string
  readonly stderr: string
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
}

const OPTIONS = {
  name: true,
  command: true,
  state: true,
  stdout: true,
  stderr: true,
  environment: true,
  cwd: true,
} as const

/** Variables of this prefix carry the job to its supervisor; no job sees them. */
export const RESERVED_PREFIX = 'SERFX_JOB_'
export const MAX_NAME_BYTES = 128

/** @throws TypeError or RangeError that names the option. */
export function resolveJob(options: AsyncJobOptions): Job {
  const {
    name,
    command,
    state,
    stdout = '/dev/null',
    stderr = '/dev/null',
    environment = {},
    cwd = '.',
  } = knownOptions(options, OPTIONS, 'the options of AsyncJob')
  if (name !== undefined) checkName(name)
  const path = resolve(checkText('state', state))
  return {
    name,
    argv: resolveCommand(command),
    state: path,
    folder: dirname(path),
    stdout: resolve(checkText('stdout', stdout)),
    stderr: resolve(checkText('stderr', stderr)),
    environment: checkEnvironment(environment),
    cwd: resolve(checkText('cwd', cwd)),
  }
}

function resolveCommand(command: unknown): readonly [string, ...string[]] {
  // `--`: a text that begins with a dash is still the command, not an option of the shell.
  if (typeof command === 'string') return ['/bin/sh', '-c', '--', checkText('command', command)]
  if (!Array.isArray(command))
    throw new TypeError('AsyncJob: command must be a string or an array of strings')
  const [program, ...rest] = command as unknown[]
  return [
    checkText('command[0]', program),
    ...rest.map((value, index) => checkString(`command[${index + 1}]`, value)),
  ]
}

function checkEnvironment(environment: unknown): Record<string, string> {
  if (typeof environment !== 'object' || environment === null || Array.isArray(environment))
    throw new TypeError('AsyncJob: environment must be an object of strings')
  const checked: Record<string, string> = {}
  for (const [key, value] of Object.entries(environment)) {
    // The environment passes through a POSIX shell, which drops every other name.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) || key.startsWith(RESERVED_PREFIX))
      throw new TypeError(`AsyncJob: environment has a name that cannot be used: ${JSON.stringify(key)}`)
    checked[key] = checkString(`environment.${key}`, value)
  }
  return checked
}

function checkName(name: unknown): void {
  const text = checkText('name', name)
  if (/\p{Cc}/u.test(text)) throw new TypeError('AsyncJob: name must not hold control characters')
  if (Buffer.byteLength(text) > MAX_NAME_BYTES)
    throw new RangeError(`AsyncJob: name must have at most ${MAX_NAME_BYTES} bytes`)
}

function checkText(option: string, value: unknown): string {
  const text = checkString(option, value)
  if (text === '') throw new TypeError(`AsyncJob: ${option} must not be empty`)
  return text
}

function checkString(option: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`AsyncJob: ${option} must be a string`)
  if (value.includes('\0')) throw new TypeError(`AsyncJob: ${option} must not hold a NUL byte`)
  return value
}
