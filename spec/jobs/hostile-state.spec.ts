import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/time/until'
import { buildEntry, FIXTURES } from '../support/run/jobs-entry'
import { JobFolder } from '../support/run/job-folder'
import { isAlive } from '../support/run/processes'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

const bystander = spawn('sleep', ['300'], { detached: true })
const bystandersPid = bystander.pid ?? 0
afterAll(async () => {
  expect(isAlive(bystandersPid)).toBe(true)
  bystander.kill()
  await until('the bystander is gone', () => !isAlive(bystandersPid))
})

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const running = (fields: object) =>
  JSON.stringify({
    status: 'running',
    pid: bystandersPid,
    ppid: bystandersPid,
    started: 1,
    time: 1,
    boot,
    identity: '1/1/1',
    ...fields,
  })

const texts: [string, string][] = [
  ['nothing', ''],
  ['blanks', '\n \n'],
  ['half of it', '{"status":"running","pid":12'],
  ['no JSON', 'running'],
  ['binary', '\u0000\u0001\ufffd'],
  ['null', 'null'],
  ['a number', '4711'],
  ['a list', '[]'],
  ['no status', '{}'],
  ['a status of ours that is never stored', '{"status":"absent"}'],
  ['another status', '{"status":"sleeping"}'],
  ['a status that is no text', '{"status":["running"]}'],
  ['a prototype', '{"__proto__":{"status":"finished"}}'],
  ['a running job of no process', '{"status":"running"}'],
  ['an invoking one of nobody', '{"status":"invoking"}'],
  ['all but the identity', running({ identity: undefined })],
  ['an identity that is made up', running({})],
  ['an identity that is not text', running({ identity: {} })],
  ['an identity that is too long', running({ identity: '1/1/1/1' })],
  ...[
    -1,
    0,
    1,
    1.5,
    1e300,
    2 ** 53,
    String(bystandersPid),
    `-${bystandersPid}`,
    null,
    true,
    [bystandersPid],
    {},
    -bystandersPid,
    4_194_305,
  ].map((pid): [string, string] => [`the pid ${JSON.stringify(pid)}`, running({ pid })]),
  ...[-1, 0, 1, '2', null].map((ppid): [string, string] => [
    `the supervisor ${JSON.stringify(ppid)}`,
    running({ ppid }),
  ]),
  ['times that are none', running({ started: 'now', time: {} })],
  ['something huge', `{"status":"finished","name":"${'x'.repeat(20_000)}"}`],
  ['something nested deeply', `{"status":"running","pid":${'['.repeat(7000)}${']'.repeat(7000)}}`],
]

it.each(texts)('a state file that holds %s is lost, and hurts nobody', (_what, text) => {
  writeFileSync(folder.at('state.json'), text)
  const job = folder.job({ command: 'true' })
  expect(job.state()).toMatchObject({ status: 'lost', error: expect.any(String) })
  expect(Buffer.byteLength(job.stateInfo())).toBeLessThan(1000)
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGCONT'] as const) expect(job.kill(signal)).toBe('failed')
  expect(job.start()).toBe('failed')
  expect(isAlive(bystandersPid)).toBe(true)
  expect(job.reap()).toBe('success')
  expect(readdirSync(folder.path)).toEqual([])
})

it('believes no more of an ended job than makes sense', () => {
  const name = `${'n'.repeat(500)}\n`
  const nonsense = {
    pid: -1,
    exitstatus: 4711,
    signal: 'rm -rf /',
    error: '\u001b[2J'.repeat(500),
    extra: 'x',
  }
  writeFileSync(folder.at('state.json'), JSON.stringify({ status: 'finished', name, ...nonsense }))
  const { status, name: kept = '', error = '', ...rest } = folder.job({ command: 'true' }).state()
  expect([status, rest]).toEqual(['finished', {}])
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(128)
  expect(Buffer.byteLength(error)).toBeLessThanOrEqual(300)
  expect(error).not.toContain('\u001b')
})

describe('in the place of a state file', () => {
  it.each([
    ['an empty folder', () => mkdirSync(folder.at('state.json')), 'EISDIR', 'success'],
    [
      'a folder with something in it',
      () => mkdirSync(folder.at('state.json/inside'), { recursive: true }),
      'EISDIR',
      'failed',
    ],
    ['a named pipe', () => execFileSync('mkfifo', [folder.at('state.json')]), 'ENOTREG', 'success'],
    ['a link to a device', () => symlinkSync('/dev/zero', folder.at('state.json')), 'ENOTREG', 'success'],
    [
      'a link that points nowhere',
      () => symlinkSync('nowhere', folder.at('state.json')),
      'ENOENT',
      'success',
    ],
    ['a link to itself', () => symlinkSync('state.json', folder.at('state.json')), 'ELOOP', 'success'],
  ])('%s is lost, and reaped where that can be', (_what, make, code, reaped) => {
    make()
    const job = folder.job({ command: 'true' })
    expect(job.state()).toMatchObject({ status: 'lost', error: expect.stringContaining(code) })
    expect([job.start(), job.kill(), job.reap()]).toEqual(['failed', 'failed', reaped])
    expect(readdirSync(folder.path)).toEqual(reaped === 'success' ? [] : ['state.json'])
  })
})

it('is lost, but neither reaped nor replaced, when it may not be read', () => {
  const { file } = buildEntry(folder.path)
  const options = folder.options({ command: 'true' })
  writeFileSync(folder.at('state.json'), '{"status":"finished"}\n', { mode: 0 })
  // root may read everything: another user owns the folder, and looks. That user may not be able to read this repository.
  const steps = folder.at('steps.cjs')
  copyFileSync(join(FIXTURES, 'steps.cjs'), steps)
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder.path, 65534, 65534)
  const look = spawnSync(
    process.execPath,
    [steps, file, JSON.stringify(options), 'check', 'reap', 'start', 'kill'],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] }, ...(isRoot && { uid: 65534, gid: 65534 }) },
  )
  expect(look.stderr).toBe('')
  const [state, ...answers] = JSON.parse(look.stdout) as [string, string, string, string]
  expect(JSON.parse(state)).toEqual({ status: 'lost', error: expect.stringContaining('EACCES') })
  expect(answers).toEqual(['failed', 'failed', 'failed'])
  expect(readdirSync(folder.path).sort()).toEqual(['jobs.cjs', 'state.json', 'steps.cjs'])
})

it('is lost, but not reaped, when this process is only out of descriptors', () => {
  const script = `
    const { AsyncJob } = require('./jobs.cjs')
    const { openSync } = require('node:fs')
    const job = new AsyncJob({ command: 'true', state: 'state.json' })
    try { for (;;) openSync('/dev/null') } catch {}
    process.stdout.write(JSON.stringify([job.state(), job.kill(), job.reap()]))`
  buildEntry(folder.path)
  writeFileSync(folder.at('state.json'), '{}')
  const text = execFileSync(
    'bash',
    ['-c', 'ulimit -n 40; exec "$@"', 'limited', process.execPath, '-e', script],
    { cwd: folder.path, encoding: 'utf8' },
  )
  expect(JSON.parse(text)).toEqual([
    { status: 'lost', error: expect.stringContaining('EMFILE') },
    'failed',
    'failed',
  ])
})
