import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { constants } from 'node:os'
import { SerfError } from '../../lib/errors'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

const KEYS = ['status', 'name', 'pid', 'ppid', 'started', 'time', 'boot']

describe('a job that runs', () => {
  it('goes from absent over running to finished, and is absent again when it was reaped', async () => {
    const job = folder.job({ name: 'nightly', command: ['sleep', '300'] })
    const before = Math.floor(Date.now() / 1000)
    expect(job.state()).toEqual({ status: 'absent' })
    expect(job.stateInfo()).toBe('{"status":"absent"}')
    expect(job.start()).toBe('success')
    const state = await runs(job)
    expect(Object.keys(state)).toEqual(KEYS)
    expect(state).toMatchObject({ status: 'running', name: 'nightly', boot: bootId() })
    expect(state.started).toBeGreaterThanOrEqual(before)
    expect(state.time).toBeLessThanOrEqual(Date.now() / 1000)
    expect(JSON.parse(job.stateInfo())).toEqual(state)

    expect(job.reap()).toBe('failed')
    expect(job.kill()).toBe('success')
    const last = await ended(job)
    expect(Object.keys(last)).toEqual([...KEYS, 'signal'])
    expect(last).toMatchObject({
      status: 'finished',
      pid: state.pid,
      ppid: state.ppid,
      started: state.started,
      signal: 'SIGKILL',
    })
    expect(job.kill()).toBe('failed')
    await folder.noProcessLeft()

    expect(job.start()).toBe('failed')
    expect(job.reap()).toBe('success')
    expect(job.reap()).toBe('failed')
    expect(job.state()).toEqual({ status: 'absent' })
  })

  it('keeps its state in a file that is JSON, of one line, for its owner alone', async () => {
    const job = folder.job({ name: 'quotes " and \\ and é', command: 'exit 3' })
    job.start()
    expect(statSync(folder.at('state.json')).mode & 0o777).toBe(0o600)
    await becomes(job, 'finished')
    expect(statSync(folder.at('state.json')).mode & 0o777).toBe(0o600)
    expect(folder.read('state.json')).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(folder.read('state.json'))).toMatchObject({
      name: 'quotes " and \\ and é',
      exitstatus: 3,
    })
    expect(job.state().name).toBe('quotes " and \\ and é')
  })

  it('is the same job for everybody who names its state file', async () => {
    folder.job({ command: ['sleep', '300'] }).start()
    const other = folder.job({ command: 'true' })
    await runs(other)
    expect(other.start()).toBe('failed')
    expect(other.kill('SIGTERM')).toBe('success')
    expect(await ended(other)).toMatchObject({ status: 'finished', signal: 'SIGTERM' })
  })

  it('can be killed at once after it was started', async () => {
    const job = folder.job({ command: ['sleep', '300'] })
    job.start()
    expect(job.kill()).toBe('success')
    expect(await ended(job)).toMatchObject({ signal: 'SIGKILL' })
  })
})

describe('how it ended', () => {
  it.each([
    ['exit 0', { exitstatus: 0 }],
    ['exit 7', { exitstatus: 7 }],
    ['exit 127', { exitstatus: 127 }],
    ['exit 130', { exitstatus: 130 }],
    ['exit 137', { exitstatus: 137 }],
    ['exit 143', { exitstatus: 143 }],
    ['exit 255', { exitstatus: 255 }],
    ['no-such-command-anywhere', { exitstatus: 127 }],
    ['kill -HUP $$', { signal: 'SIGHUP' }],
    ['kill -INT $$', { signal: 'SIGINT' }],
    ['kill -KILL $$', { signal: 'SIGKILL' }],
    ['kill -PIPE $$', { signal: 'SIGPIPE' }],
    ['kill -16 $$', { signal: constants.signals.SIGSTKFLT === 16 ? 'SIGSTKFLT' : expect.any(String) }],
    ['kill -TERM $$', { signal: 'SIGTERM' }],
    ['kill -USR1 $$', { signal: 'SIGUSR1' }],
  ])('%s', async (command, outcome) => {
    const job = folder.job({ command: `ulimit -c 0; ${command}` })
    expect(job.start()).toBe('success')
    const { exitstatus, signal, error, status } = await ended(job)
    expect({ exitstatus, signal, error, status }).toEqual({
      exitstatus: undefined,
      signal: undefined,
      status: 'finished',
      ...outcome,
    })
  })
})

describe('a job that cannot run', () => {
  const inFolder = (file: string) => folder.at(file)

  it.each([
    [
      'a command that is not in the PATH',
      () => ({ command: ['no-such-command'] as const }),
      'ENOENT: command not found: no-such-command',
    ],
    [
      'a command that is not at its path',
      () => ({ command: ['./nowhere', 'x'] as const }),
      'ENOENT: command not found: ./nowhere',
    ],
    [
      'a name that looks like an option',
      () => ({ command: ['-c', 'x'] as const }),
      'ENOENT: command not found: -c',
    ],
    [
      'a file that is not executable',
      () => ({ command: [inFolder('plain')] as const }),
      'EACCES: command is not an executable file: ',
    ],
    [
      'a folder as command',
      () => ({ command: [inFolder('')] as const }),
      'EACCES: command is not an executable file: ',
    ],
    [
      'a script of an interpreter that is not there',
      () => ({ command: [inFolder('script')] as const }),
      'the system cannot execute the command: ',
    ],
    ['a cwd that is not there', () => ({ cwd: inFolder('nowhere') }), 'ENOENT: cwd does not exist: '],
    ['a cwd that is a file', () => ({ cwd: inFolder('plain') }), 'ENOTDIR: cwd is not a folder: '],
    [
      'stdout in a folder that is not there',
      () => ({ stdout: inFolder('nowhere/out') }),
      'ENOENT: stdout cannot be written: ',
    ],
    ['stdout that is a folder', () => ({ stdout: inFolder('.') }), 'EISDIR: stdout cannot be written: '],
    ['stderr below a file', () => ({ stderr: inFolder('plain/err') }), 'ENOENT: stderr cannot be written: '],
    ['stderr that is no file', () => ({ stderr: inFolder('socket') }), 'stderr cannot be written: '],
  ])('%s', async (_what, options, error) => {
    writeFileSync(folder.at('plain'), 'text')
    writeFileSync(folder.at('script'), '#!/no/such/interpreter\n')
    chmodSync(folder.at('script'), 0o755)
    const server = await listenAt(folder.at('socket'))
    const job = folder.job({ command: ['true'], ...options() })
    expect(job.start()).toBe('success')
    const state = await ended(job)
    expect(state).toMatchObject({ status: 'failed', error: expect.stringContaining(error) })
    expect(job.kill()).toBe('failed')
    expect(job.start()).toBe('failed')
    expect(job.reap()).toBe('success')
    await folder.noProcessLeft()
    server.close()
  })

  it('cuts the error to 300 bytes, between two characters', async () => {
    const job = folder.job({ command: [`/${'日本"\\\n'.repeat(200)}`], name: '"'.repeat(128) })
    job.start()
    const { error = '' } = await becomes(job, 'failed')
    expect(error).toMatch(/^ENOENT: command not found: \/日本"\\\?日本.*…$/)
    expect(Buffer.byteLength(error)).toBeLessThanOrEqual(300)
    expect(Buffer.byteLength(job.stateInfo())).toBeLessThan(1000)
  })

  it('an argument that is longer than the system takes', async () => {
    const job = folder.job({ command: ['true', 'x'.repeat(200_000)] })
    expect(job.start()).toBe('success')
    const error = expect.stringContaining('is an argument too long?')
    expect(await ended(job)).toMatchObject({ status: 'failed', error })
  })

  it('is failed at once when all arguments are more than the system can pass on', () => {
    const job = folder.job({ command: ['true', ...Array.from({ length: 100 }, () => 'x'.repeat(100_000))] })
    expect(job.start()).toBe('failed')
    expect(job.state()).toMatchObject({ status: 'failed', error: expect.stringContaining('E2BIG') })
    expect(job.reap()).toBe('success')
    expect(readdirSync(folder.path)).toEqual([])
  })
})

describe('start', () => {
  it('throws when the folder of the state file is not there', () => {
    const job = folder.job({ command: 'true', state: folder.at('nowhere/state.json') })
    const { code, message } = errorOf(() => job.start())
    expect(code).toBe('ENOENT')
    expect(message).toContain(folder.at('nowhere'))
    expect(job.state()).toEqual({ status: 'absent' })
    expect(job.kill()).toBe('failed')
    expect(job.reap()).toBe('failed')
  })

  it('throws when that folder is a file', () => {
    writeFileSync(folder.at('file'), '')
    const job = folder.job({ command: 'true', state: folder.at('file/state.json') })
    expect(errorOf(() => job.start()).code).toBe('ENOTDIR')
  })

  it('throws on Windows', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {}
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
    try {
      const job = folder.job({ command: 'true' })
      expect(errorOf(() => job.start()).code).toBe('UNSUPPORTED_PLATFORM')
    } finally {
      Object.defineProperty(process, 'platform', platform)
    }
  })

  it('leaves no file behind beside the state', async () => {
    const job = folder.job({ command: 'true' })
    job.start()
    await becomes(job, 'finished')
    expect(job.start()).toBe('failed')
    await folder.noProcessLeft()
    expect(readdirSync(folder.path)).toEqual(['state.json'])
    expect(job.reap()).toBe('success')
    expect(readdirSync(folder.path)).toEqual([])
  })
})

function errorOf(act: () => unknown): SerfError {
  try {
    act()
  } catch (error) {
    if (error instanceof SerfError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

async function listenAt(path: string): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
