import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { until } from '../support/time/until'
import { buildEntry, FIXTURES, standsBy } from '../support/run/jobs-entry'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'

let folder: JobFolder
let entry: string
beforeEach(() => {
  folder = new JobFolder()
  entry = buildEntry(folder.path).file
})
afterEach(() => folder[Symbol.asyncDispose]())

async function atOnce(count: number, ...steps: string[]): Promise<string[][]> {
  const options = folder.options({
    command: ['sh', '-c', 'echo started; exec sleep 300'],
    stdout: folder.at('out'),
  })
  const crowd = Array.from({ length: count }, () => standsBy(entry, options, ...steps))
  await Promise.all(crowd.map((process) => process.ready))
  for (const process of crowd) process.go()
  return Promise.all(crowd.map((process) => process.answers))
}

it('lets one of fifty processes win that start at the same instant', async () => {
  const answers = await atOnce(50, 'start')
  expect(answers.flat().sort()).toEqual([...Array.from({ length: 49 }, () => 'failed'), 'success'])
  const job = folder.job({ command: 'true' })
  const { pid, ppid } = await runs(job)
  expect(job.kill()).toBe('success')
  expect(await ended(job)).toMatchObject({ pid, ppid })
  await folder.noProcessLeft()
  expect(folder.read('out')).toBe('started\n')
})

it('runs one job when many reap an old one and start anew', async () => {
  const old = folder.job({ command: 'exit 3' })
  old.start()
  await becomes(old, 'finished')
  await folder.noProcessLeft()
  const answers = await atOnce(12, 'reap', 'start')
  expect(answers.filter(([reaped]) => reaped === 'success')).toHaveLength(1)
  expect(answers.filter(([, started]) => started === 'success')).toHaveLength(1)
  const job = folder.job({ command: 'true' })
  await runs(job)
  await until('there is one job', () => folder.processes().length === 2)
})

it('runs each job that was started, and no two at once, whoever starts and reaps', async () => {
  const once = 'mkdir alone || echo two >>two; echo ran >>ran; rmdir alone'
  const options = folder.options({ command: once, cwd: folder.path })
  const crowd = ['start', 'start', 'reap', 'reap', 'reap'].map((step) => {
    const args = [join(FIXTURES, 'again-and-again.cjs'), entry, JSON.stringify(options), step]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    return { step, child, successes: text(child.stdout).then(Number) }
  })
  const lines = (file: string) => (existsSync(folder.at(file)) ? folder.read(file).split('\n').length - 1 : 0)
  await until('many have run', () => lines('ran') >= 40)
  for (const { child } of crowd) child.stdin.end()
  const count = async (step: string) =>
    (await Promise.all(crowd.filter((one) => one.step === step).map((one) => one.successes))).reduce(
      (sum, successes) => sum + successes,
    )
  const [started, reaped] = [await count('start'), await count('reap')]
  const job = folder.job({ command: 'true' })
  await becomes(job, 'finished', 'absent')
  await folder.noProcessLeft()
  expect({ ran: lines('ran'), two: lines('two') }).toEqual({ ran: started, two: 0 })
  expect(started - reaped).toBe(job.state().status === 'absent' ? 0 : 1)
  job.reap()
  expect(readdirSync(folder.path).sort()).toEqual(['jobs.cjs', 'ran'])
})

it('never shows half a state to who reads the file 10,000 times and more', async () => {
  const cycle = (name: string) =>
    standsBy(
      entry,
      folder.options({ name, command: 'exit 3' }),
      ...Array.from({ length: 40 }, () => ['start', 'kill', 'check', 'reap']).flat(),
    )
  const crowd = [cycle('a'), cycle('b'.repeat(100))]
  await Promise.all(crowd.map((process) => process.ready))
  for (const process of crowd) process.go()
  let cycling = crowd.length
  const over = Promise.all(crowd.map((process) => process.answers.finally(() => cycling--)))
  const seen = new Map<string, number>()
  for (let reads = 0; reads < 10_000 || cycling > 0; reads++) {
    const status = statusInFile()
    seen.set(status, (seen.get(status) ?? 0) + 1)
    if (reads % 100 === 0) await setImmediate()
  }
  await over
  expect(
    [...seen.keys()].filter((status) => !['none', 'invoking', 'running', 'finished'].includes(status)),
  ).toEqual([])
  expect(seen.size).toBeGreaterThan(2)
  await folder.noProcessLeft()
})

function statusInFile(): string {
  let content: string
  try {
    content = readFileSync(folder.at('state.json'), 'utf8')
  } catch {
    return 'none'
  }
  try {
    return content.endsWith('}\n') ? (JSON.parse(content) as { status: string }).status : `cut: ${content}`
  } catch {
    return `broken: ${content}`
  }
}
