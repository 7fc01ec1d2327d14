import { resolve } from 'node:path'
import { AsyncJob } from 'serfx/jobs'
import { resolveJob } from '../../lib/jobs/job-options'

const make = (options: object) => new AsyncJob({ command: 'true', state: '/tmp/state', ...options })

it.each([
  ['an empty command', { command: '' }],
  ['no command', { command: undefined }],
  ['a command of no words', { command: [] }],
  ['a command without a name', { command: ['', 'x'] }],
  ['an argument that is no string', { command: ['sleep', 300] }],
  ['a command with a NUL byte', { command: 'a\0b' }],
  ['an argument with a NUL byte', { command: ['a', 'b\0'] }],
  ['an empty state', { state: '' }],
  ['no state', { state: undefined }],
  ['a state with a NUL byte', { state: '/tmp/\0' }],
  ['an empty stdout', { stdout: '' }],
  ['a stderr that is no string', { stderr: 2 }],
  ['an empty cwd', { cwd: '' }],
  ['an empty name', { name: '' }],
  ['a name with a line end', { name: 'a\nb' }],
  ['a variable without a name', { environment: { '': 'x' } }],
  ['a variable that a shell cannot carry', { environment: { 'a-b': 'x' } }],
  ['a variable with an equals sign', { environment: { 'A=B': 'x' } }],
  ['a variable that begins with a digit', { environment: { '1A': 'x' } }],
  ['a variable of the supervisor', { environment: { SERFX_JOB_STATE: 'x' } }],
  ['a variable that is no string', { environment: { A: 1 } }],
  ['a variable with a NUL byte', { environment: { A: '\0' } }],
  ['an environment that is none', { environment: ['A=1'] }],
])('refuses %s', (_what, options) => {
  expect(() => make(options)).toThrow(TypeError)
  expect(() => make(options)).toThrow(/^AsyncJob: /)
})

it('refuses a name of more than 128 bytes', () => {
  expect(() => make({ name: 'é'.repeat(65) })).toThrow(RangeError)
  expect(() => make({ name: 'é'.repeat(64) })).not.toThrow()
})

it('makes paths absolute at once', () => {
  const job = resolveJob({ command: 'true', state: 'a/state', stdout: 'out', cwd: '..' })
  expect(job).toMatchObject({
    state: resolve('a/state'),
    folder: resolve('a'),
    stdout: resolve('out'),
    stderr: '/dev/null',
    cwd: resolve('..'),
  })
})

it('keeps what it was given when the caller changes it later', () => {
  const command: [string, ...string[]] = ['echo', 'a']
  const environment = { A: '1' }
  const job = resolveJob({ command, state: 'state', environment })
  command[1] = 'b'
  environment.A = '2'
  expect([job.argv, job.environment]).toEqual([['echo', 'a'], { A: '1' }])
})

it.each([
  [{ comand: 'x' }, 'there is no "comand"; valid: name, command, state, stdout, stderr, environment, cwd'],
  [{ command: 'x', env: {} }, 'there is no "env"'],
])('refuses an option that does not exist, and names those that do: %j', (options, message) => {
  expect(() => new AsyncJob({ command: 'true', state: 'state', ...options })).toThrow(message)
})

it.each([undefined, null, 'state.json'])('refuses %p in the place of options', (options) => {
  expect(() => new AsyncJob(options as never)).toThrow('the options of AsyncJob must be an object')
})
