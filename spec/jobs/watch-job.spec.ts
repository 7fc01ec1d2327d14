import { execFile, execFileSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { lastValueFrom, tap, toArray } from 'rxjs'
import type { JobState } from 'serfx/jobs'
import { until } from '../support/time/until'
import { buildEntry } from '../support/run/jobs-entry'
import { becomes, JobFolder, runs } from '../support/run/job-folder'
import { endProcess } from '../support/run/processes'
import { valuesOf } from '../support/observe/values'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

const statuses = (states: JobState[]) => states.map(({ status }) => status)

it('emits the state now, then each change, and completes when the job has ended', async () => {
  execFileSync('mkfifo', [folder.at('gate')])
  const job = folder.job({ command: ['sleep', '300'], stdout: folder.at('gate') })
  job.start()
  const states = await lastValueFrom(
    job.watch().pipe(
      tap(({ status }) => {
        if (status === 'invoking') openGate()
        if (status === 'running') job.kill('SIGTERM')
      }),
      toArray(),
    ),
  )
  expect(statuses(states)).toEqual(['invoking', 'running', 'finished'])
  expect(states.at(-1)).toEqual(job.state())

  /** Lets the job through, by a process of its own: opening a pipe waits for the other side. */
  function openGate(): void {
    execFileSync('sh', ['-c', 'cat "$0" >/dev/null 2>&1 &', folder.at('gate')])
  }
})

it('emits what has ended already, and completes', async () => {
  const job = folder.job({ command: ['no-such-command'] })
  job.start()
  await becomes(job, 'failed')
  expect(statuses(await valuesOf(job.watch()))).toEqual(['failed'])
})

it('waits for a job that is absent, in a folder that is not there yet either', async () => {
  for (const state of ['state.json', 'later/state.json']) {
    const job = folder.job({ command: ['sleep', '300'], state: folder.at(state) })
    const seen: JobState[] = []
    const done = lastValueFrom(job.watch().pipe(tap((found) => seen.push(found))))
    expect(statuses(seen)).toEqual(['absent'])
    if (state.startsWith('later')) execFileSync('mkdir', [folder.at('later')])
    job.start()
    await until('it is seen to run', () => statuses(seen).includes('running'))
    job.kill()
    expect(await done).toMatchObject({ status: 'finished' })
  }
})

it('tells of the loss of a job whose supervisor is gone', async () => {
  const job = folder.job({ command: ['sleep', '300'] })
  job.start()
  const { pid, ppid } = await runs(job)
  const states = valuesOf(job.watch())
  endProcess(ppid)
  endProcess(pid)
  expect(statuses(await states)).toEqual(['running', 'lost'])
})

it('completes when the state file is taken away', async () => {
  const job = folder.job({ command: ['sleep', '300'] })
  job.start()
  await runs(job)
  const states = valuesOf(job.watch())
  renameSync(folder.at('state.json'), folder.at('taken'))
  expect(statuses(await states)).toEqual(['running', 'absent'])
})

it('is cold: every subscriber sees all of it', async () => {
  const job = folder.job({ command: ['sleep', '300'] })
  const watch$ = job.watch()
  const both = Promise.all([valuesOf(watch$), valuesOf(watch$)])
  job.start()
  await runs(job)
  job.kill()
  for (const states of await both) {
    expect(states[0]).toEqual({ status: 'absent' })
    expect(states.at(-1)).toMatchObject({ status: 'finished' })
  }
})

describe('unsubscribing', () => {
  it('ends the watch on the folder', async () => {
    const watches = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length
    await until('no watch of another spec is left', () => watches() === 0)
    const states: JobState[] = []
    const job = folder.job({ command: 'true' })
    const subscription = job.watch().subscribe((state) => states.push(state))
    expect(watches()).toBe(1)
    subscription.unsubscribe()
    await until('the watch is closed', () => watches() === 0)
    job.start()
    await becomes(job, 'finished')
    expect(statuses(states)).toEqual(['absent'])
  })

  it('lets a process end that has nothing else to do; the end of a job does, too', async () => {
    const { file } = buildEntry(folder.path)
    const options = JSON.stringify(folder.options({ command: 'exit 3' }))
    const script = `
      const { AsyncJob } = require(${JSON.stringify(file)})
      const job = new AsyncJob(${options})
      job.watch().subscribe().unsubscribe()
      job.start()
      job.watch().subscribe({ complete: () => console.log(job.stateInfo()) })`
    const env = { ...process.env, NODE_PATH: resolve('node_modules') }
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env, timeout: 20_000 })
    expect(JSON.parse(stdout)).toMatchObject({ status: 'finished', exitstatus: 3 })
  })
})
