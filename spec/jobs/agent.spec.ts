import { join } from 'node:path'
import type { JobState } from 'serfx/jobs'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'
import { buildEntry, FIXTURES } from '../support/run/jobs-entry'
import { JobFolder, processStatus } from '../support/run/job-folder'
import { queryAnswer } from '../support/run/query-answer'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

it('a job on a real agent: serf query bash_test start, check, kill, reap', async () => {
  const command = ['bash', '-c', 'for i in $(seq 1 300); do echo $i; sleep 1; done'] as const
  const options = folder.options({ name: 'bash_test', command, stdout: folder.at('out') })
  const words = [
    process.execPath,
    join(FIXTURES, 'handler.cjs'),
    buildEntry(folder.path).file,
    JSON.stringify(options),
  ]
  const handler = `query:bash_test=${words.map(quote).join(' ')}`
  await using agent = await SerfAgent.start({ config: { event_handlers: [handler] } })

  const ask = (payload: string) => queryAnswer(agent, 'bash_test', payload)
  const check = async () => JSON.parse(await ask('check')) as JobState

  expect(await ask('check')).toBe('{"status":"absent"}')
  expect(await ask('reap')).toBe('failed')
  expect(await ask('start')).toBe('success')
  expect(await ask('start')).toBe('failed')
  const { pid, ppid, name } = await until('the agent says that the job runs', async () => {
    const state = await check()
    return state.status === 'running' ? state : undefined
  })
  expect(name).toBe('bash_test')
  expect(processStatus(pid ?? 0)).toMatchObject({ Name: 'bash', PPid: String(ppid) })
  expect(Number(processStatus(ppid ?? 0)?.['PPid'])).not.toBe(agent.pid)
  await until('it counts', () => folder.read('out').startsWith('1\n2\n'))

  expect(await ask('reap')).toBe('failed')
  expect(await ask('nonsense')).toBe('failed')
  expect(await ask('kill')).toBe('success')
  expect(
    await until('it has ended', async () => {
      const state = await check()
      return state.status === 'finished' ? state : undefined
    }),
  ).toMatchObject({ status: 'finished', signal: 'SIGKILL', pid })
  await folder.noProcessLeft()
  expect(await ask('kill')).toBe('failed')
  expect(await ask('reap')).toBe('success')
  expect(await ask('check')).toBe('{"status":"absent"}')
})

it('the job outlives its agent', async () => {
  const options = folder.options({ command: ['sleep', '300'] })
  const words = [
    process.execPath,
    join(FIXTURES, 'handler.cjs'),
    buildEntry(folder.path).file,
    JSON.stringify(options),
  ]
  const agent = await SerfAgent.start({ config: { event_handlers: [`query=${words.map(quote).join(' ')}`] } })
  try {
    expect(await queryAnswer(agent, 'bash_test', 'start')).toBe('success')
  } finally {
    await agent.stop()
  }
  const job = folder.job({ command: 'true' })
  await until('it runs', () => job.state().status === 'running')
  expect(job.kill()).toBe('success')
  await folder.noProcessLeft()
  expect(job.state()).toMatchObject({ status: 'finished' })
})
