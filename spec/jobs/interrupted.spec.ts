import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { join } from 'node:path'
import type { AsyncJob } from 'serfx/jobs'
import { buildEntry, FIXTURES } from '../support/run/jobs-entry'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'
import { processStatus } from '../support/run/processes'
import { blocked } from '../support/time/blocked'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())
afterEach(() => {
  jest.restoreAllMocks()
})

const CALLS = [
  'openSync',
  'lstatSync',
  'readlinkSync',
  'symlinkSync',
  'linkSync',
  'unlinkSync',
  'renameSync',
] as const

/** Runs `act`, and interlude n just before its nth call of the file system. Returns the number of calls. */
function interrupted(act: () => void, interludes: Record<number, () => void>): number {
  let calls = 0
  let isInterlude = false
  const mocks = CALLS.map((name) => {
    const original = fs[name] as (...args: unknown[]) => unknown
    return jest.spyOn(fs, name as 'openSync').mockImplementation(((...args: unknown[]) => {
      if (!isInterlude && String(args[0]).startsWith(folder.path)) {
        isInterlude = true
        interludes[calls++]?.()
        isInterlude = false
      }
      return original(...args)
    }) as never)
  })
  try {
    act()
  } finally {
    for (const mock of mocks) mock.mockRestore()
  }
  return calls
}

describe('between any two steps of a reaper', () => {
  it('another process reaps and starts, and a third one starts: what was started runs, and nothing else', async () => {
    const job = folder.job({ command: ['sleep', '300'] })
    // Ended at once, and without a process: the system does not take so many arguments.
    const unstartable = folder.job({ command: ['true', ...Array<string>(100).fill('x'.repeat(100_000))] })
    const failed = () => expect([unstartable.start(), job.state().status]).toEqual(['failed', 'failed'])
    failed()
    const steps = interrupted(() => expect(job.reap()).toBe('success'), {})
    for (let first = 0; first < steps; first++)
      for (let second = first + 1; second <= steps; second++) {
        failed()
        const reaps: string[] = []
        const starts: string[] = []
        interrupted(() => reaps.push(job.reap()), {
          [first]: () => {
            reaps.push(job.reap())
            starts.push(job.start())
          },
          [second]: () => starts.push(job.start()),
        })
        starts.push(job.start())
        const at = `between steps ${first} and ${second}`
        expect([at, reaps.sort(), starts.sort().at(-1)]).toEqual([at, ['failed', 'success'], 'success'])
        expect(starts.filter((answer) => answer === 'success')).toHaveLength(1)
        expect(job.kill()).toBe('success')
        await ended(job)
        expect(job.reap()).toBe('success')
        expect(fs.readdirSync(folder.path)).toEqual([])
      }
  }, 60_000)
})

it('a job that is started between any two steps of a look is never lost', async () => {
  const job = folder.job({ command: ['sleep', '300'] })
  const steps = interrupted(() => job.state(), {})
  for (let step = 0; step < steps; step++) {
    let status: string | undefined
    interrupted(() => (status = job.state().status), { [step]: () => job.start() })
    expect(status).toMatch(/absent|invoking|running/)
    await runs(job)
    expect(job.kill()).toBe('success')
    await ended(job)
    expect(job.reap()).toBe('success')
  }
})

describe('killed before any of its steps', () => {
  const options = () => folder.options({ command: ['sleep', '300'] })

  function program(step: number, entry: string, ...steps: string[]) {
    const args = ['--require', join(FIXTURES, 'at-each-step.cjs'), join(FIXTURES, 'steps.cjs'), entry]
    return [
      process.execPath,
      [...args, JSON.stringify(options()), ...steps],
      { env: { ...process.env, STEP: String(step) } },
    ] as const
  }

  /** `false` when the process came to its end. */
  function killedAt(step: number, entry: string, ...steps: string[]): boolean {
    const { signal, status } = spawnSync(...program(step, entry, ...steps))
    expect(signal ?? status).toBe(signal === null ? 0 : 'SIGKILL')
    return signal === 'SIGKILL'
  }

  it('a starter leaves nothing but a state that can be reaped', async () => {
    await using elsewhere = new JobFolder()
    const { file } = buildEntry(elsewhere.path)
    const job = folder.job(options())
    let step = 0
    while (killedAt(step, file, 'start')) {
      await folder.noProcessLeft()
      const isAbsent = job.state().status === 'absent'
      expect(fs.readdirSync(folder.path)).toEqual(isAbsent ? [] : ['state.json'])
      expect([job.state().status, job.reap()]).toEqual(isAbsent ? ['absent', 'failed'] : ['lost', 'success'])
      step++
    }
    expect(step).toBeGreaterThan(3)
  })

  const failed = async (job: AsyncJob) => {
    folder.job({ command: ['no-such-command'] }).start()
    await becomes(job, 'failed')
    await folder.noProcessLeft()
  }

  it('a reaper is in nobody’s way, and what it leaves is removed by the next', async () => {
    await using elsewhere = new JobFolder()
    const { file } = buildEntry(elsewhere.path)
    const job = folder.job(options())
    let step = 0
    for (;;) {
      await failed(job)
      if (!killedAt(step, file, 'reap')) break
      // A second one that is killed at the same step, and follows the first where that had the lock.
      if (job.state().status === 'failed') killedAt(step, file, 'reap')
      const isAbsent = job.state().status === 'absent'
      expect(job.reap()).toBe(isAbsent ? 'failed' : 'success')
      if (isAbsent) {
        await failed(job)
        expect(job.reap()).toBe('success')
      }
      expect(fs.readdirSync(folder.path)).toEqual([])
      step++
    }
    expect(step).toBeGreaterThan(3)
  })

  it('a reaper is in nobody’s way either for whose end its parent never waits', async () => {
    await using elsewhere = new JobFolder()
    const { file } = buildEntry(elsewhere.path)
    const job = folder.job(options())
    let step = 0
    for (;;) {
      await failed(job)
      const reaper = spawn(...program(step, file, 'reap'))
      const { pid = 0 } = reaper
      blocked('the reaper is a zombie', () => processStatus(pid)?.['State']?.startsWith('Z') === true)
      const isAbsent = job.state().status === 'absent'
      expect(job.reap()).toBe(isAbsent ? 'failed' : 'success')
      await once(reaper, 'exit')
      if (isAbsent) break
      step++
    }
    expect(step).toBeGreaterThan(1)
  })
})
