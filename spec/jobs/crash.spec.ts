import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AsyncJob } from 'serfx/jobs'
import { resolveJob } from '../../lib/jobs/job-options'
import { launchJob } from '../../lib/jobs/launch-job'
import { findTools } from '../../lib/jobs/tools'
import { blocked } from '../support/time/blocked'
import { until } from '../support/time/until'
import { buildEntry, standsBy } from '../support/run/jobs-entry'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'
import { endProcess, isAlive, processStatus } from '../support/run/processes'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

const sleeper = () => folder.job({ command: ['sleep', '300'] })
const gone = (pid: number) => until(`process ${pid} is gone`, () => !isAlive(pid))

/** Rewrites the state file as an older, or a stranger's, history would have left it. */
function rewrite(change: (text: string) => string): void {
  const before = folder.read('state.json')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(folder.at('state.json'), after)
}

describe('a supervisor killed while the command runs', () => {
  it('leaves a job that is running, can be killed, and then is lost', async () => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    endProcess(ppid)
    await gone(ppid)
    expect(job.state()).toMatchObject({ status: 'running', pid, ppid })
    expect(isAlive(pid)).toBe(true)
    expect(job.start()).toBe('failed')
    expect(job.reap()).toBe('failed')

    expect(job.kill('SIGTERM')).toBe('success')
    await gone(pid)
    expect(job.state()).toMatchObject({ status: 'lost', pid, error: expect.any(String) })
    expect(job.kill()).toBe('failed')
    expect(job.start()).toBe('failed')
    expect(job.reap()).toBe('success')
    expect(job.start()).toBe('success')
    await runs(job)
  })

  it('leaves a job that is lost when the command ends by itself', async () => {
    execFileSync('mkfifo', [folder.at('gate')])
    const job = folder.job({ command: ['cat', folder.at('gate')] })
    job.start()
    const { ppid } = await runs(job)
    endProcess(ppid)
    await gone(ppid)
    expect(job.state().status).toBe('running')
    closeSync(openSync(folder.at('gate'), 'w'))
    expect(await ended(job)).toMatchObject({ status: 'lost' })
  })
})

describe('a supervisor killed before the command runs', () => {
  /**
   * The command's stdout is a named pipe without a reader: the job stays `invoking` for as long as nobody
   * reads.
   */
  const held = async (): Promise<{ job: AsyncJob; ppid: number }> => {
    execFileSync('mkfifo', [folder.at('gate')])
    const job = folder.job({ command: ['touch', folder.at('ran')], stdout: folder.at('gate') })
    job.start()
    const { ppid = 0 } = job.state()
    await until('it waits at the gate', () =>
      folder
        .processes()
        .some(
          (pid) => Number(processStatus(pid)?.['PPid']) === ppid && processStatus(pid)?.['Name'] === 'sh',
        ),
    )
    return { job, ppid }
  }

  /** Lets through whoever waits to write, and does not wait itself. */
  const openGate = () => openSync(folder.at('gate'), constants.O_RDONLY | constants.O_NONBLOCK)

  it('leaves a job that is lost, whose command never starts', async () => {
    const { job, ppid } = await held()
    expect(job.state()).toMatchObject({ status: 'invoking', ppid })
    expect(job.kill()).toBe('failed')
    expect(job.reap()).toBe('failed')
    endProcess(ppid)
    await gone(ppid)
    expect(job.state()).toMatchObject({ status: 'lost', error: expect.any(String) })

    const reader = openGate()
    await folder.noProcessLeft()
    closeSync(reader)
    expect(job.state().status).toBe('lost')
    expect(() => folder.read('ran')).toThrow('ENOENT')
    expect(job.reap()).toBe('success')
  })

  it('starts nothing either while its parent has yet to notice its end', async () => {
    const { job, ppid } = await held()
    endProcess(ppid)
    blocked('it is dead', () => !isAlive(ppid))
    const reader = openGate()
    blocked('what waited at the gate is gone', () => folder.processes().filter(isAlive).length === 0)
    expect(processStatus(ppid)?.['State']).toMatch(/^Z/)
    closeSync(reader)
    expect(job.state().status).toBe('lost')
    expect(() => folder.read('ran')).toThrow('ENOENT')
  })

  it('has no say in a job that was started in its place', async () => {
    const { job, ppid } = await held()
    endProcess(ppid)
    await gone(ppid)
    expect(job.reap()).toBe('success')
    const next = sleeper()
    expect(next.start()).toBe('success')
    const { pid } = await runs(next)
    const reader = openGate()
    await until('the old job is gone', () => folder.processes().length === 2)
    closeSync(reader)
    expect(next.state()).toMatchObject({ status: 'running', pid })
    expect(() => folder.read('ran')).toThrow('ENOENT')
  })
})

it('what a dead supervisor was about to record never gets into the next job’s state', async () => {
  execFileSync('mkfifo', [folder.at('gate')])
  writeFileSync(folder.at('mv'), '#!/bin/sh\ncat gate\nexec mv "$@"\n', { mode: 0o755 })
  const options = folder.options({ command: ['touch', folder.at('ran')], cwd: folder.path })
  launchJob(resolveJob(options), { ...findTools(), mv: folder.at('mv') })
  const job = sleeper()
  const { ppid = 0 } = job.state()
  const isAtGate = (pid: number) => processStatus(pid)?.['Name'] === 'cat'
  await until('it is about to record that the command runs', () => folder.processes().some(isAtGate))
  endProcess(ppid)
  await gone(ppid)
  expect(job.state().status).toBe('lost')
  expect(job.reap()).toBe('success')
  expect(job.start()).toBe('success')
  const next = await runs(job)
  closeSync(openSync(folder.at('gate'), 'w'))
  await until('the old job is gone', () => folder.processes().length === 2)
  expect(job.state()).toMatchObject({ status: 'running', pid: next.pid })
  expect(() => folder.read('ran')).toThrow('ENOENT')
  expect(readdirSync(folder.path).filter((file) => file.includes(`${ppid}-`))).toEqual([])
})

describe('a supervisor that is held up while the command ends', () => {
  it('leaves the job running until it goes on, and lost when it does not', async () => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    endProcess(ppid, 'SIGSTOP')
    endProcess(pid, 'SIGTERM')
    await gone(pid)
    expect(job.state().status).toBe('running')
    endProcess(ppid)
    expect(await ended(job)).toMatchObject({ status: 'lost' })
  })

  it('records how it ended when it goes on', async () => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    endProcess(ppid, 'SIGSTOP')
    endProcess(pid, 'SIGTERM')
    await gone(pid)
    endProcess(ppid, 'SIGCONT')
    expect(await ended(job)).toMatchObject({ status: 'finished', signal: 'SIGTERM' })
  })

  it('writes nothing where its state file was taken away, nor over the next job', async () => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    execFileSync('rm', [folder.at('state.json')])
    expect(job.start()).toBe('success')
    const next = await runs(job)
    endProcess(pid)
    await gone(ppid)
    expect(job.state()).toMatchObject({ status: 'running', pid: next.pid })
  })
})

it('is lost when its starter dies, at whatever moment, before the command was begun', async () => {
  const { file } = buildEntry(folder.path)
  for (let attempt = 0; attempt < 12; attempt++) {
    const job = folder.job({ command: ['sleep', '300'] })
    const starter = standsBy(file, folder.options({ command: ['sleep', '300'] }), 'start')
    await starter.ready
    starter.go()
    await until('it has begun', () => job.state().status !== 'absent')
    starter.kill()
    await starter.answers.catch(() => undefined)
    const { status } = await becomes(job, 'running', 'lost')
    await until(
      'it is all there, or nothing',
      () => folder.processes().length === (status === 'running' ? 2 : 0),
    )
    if (status === 'running') expect(job.kill()).toBe('success')
    await ended(job)
    expect(job.reap()).toBe('success')
  }
})

describe('a command killed from outside', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('by %s is finished by it', async (signal) => {
    const job = sleeper()
    job.start()
    endProcess((await runs(job)).pid, signal)
    expect(await ended(job)).toMatchObject({ status: 'finished', signal })
  })
})

describe('a pid that belongs to somebody else by now', () => {
  const stranger = spawn('sleep', ['300'], { detached: true })
  const strangersPid = stranger.pid ?? 0
  afterAll(async () => {
    stranger.kill()
    await gone(strangersPid)
  })

  const cases: [string, (text: string) => string][] = [
    ['another process has the pid', (text) => text.replace(/"pid":\d+/, `"pid":${strangersPid}`)],
    [
      'it started at another time',
      (text) => text.replace(/"started":(\d+)/, (_all, seconds) => `"started":${Number(seconds) - 1}`),
    ],
    ['the machine was booted since', (text) => text.replace(/"boot":"./, '"boot":"x')],
  ]

  it.each(cases)('is never signalled, though the supervisor lives: %s', async (_what, change) => {
    const job = sleeper()
    job.start()
    const { pid } = await runs(job)
    rewrite(change)
    expect(job.state().status).toBe('lost')
    expect(job.kill()).toBe('failed')
    expect([isAlive(pid), isAlive(strangersPid)]).toEqual([true, true])
  })

  it.each(cases)('is never signalled, when the supervisor is gone: %s', async (_what, change) => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    endProcess(ppid)
    await gone(ppid)
    rewrite(change)
    expect(job.state().status).toBe('lost')
    expect(job.kill()).toBe('failed')
    expect([isAlive(pid), isAlive(strangersPid)]).toEqual([true, true])
    expect(job.reap()).toBe('success')
  })

  it('is not taken for the supervisor either', async () => {
    const job = sleeper()
    job.start()
    const { pid, ppid } = await runs(job)
    endProcess(ppid)
    endProcess(pid)
    await gone(pid)
    rewrite((text) => text.replace(/"ppid":\d+/, `"ppid":${strangersPid}`))
    expect(job.state().status).toBe('lost')
  })
})

it('belongs to this boot of the machine', async () => {
  const job = sleeper()
  job.start()
  const { boot } = await runs(job)
  expect(boot).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
})
