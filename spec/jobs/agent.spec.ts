import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { JobState } from 'serfx/jobs'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'
import { buildEntry, FIXTURES } from '../support/run/jobs-entry'
import { JobFolder } from '../support/run/job-folder'
import { processStatus } from '../support/run/processes'
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

it('an operator’s story: three handlers, and an agent that is killed while their jobs run', async () => {
  execFileSync('mkfifo', [folder.at('gate')])
  const entry = buildEntry(folder.path).file
  const handler = (name: string, command: string) => {
    const options = folder.options({ command, state: folder.at(`${name}.json`) })
    const words = [process.execPath, join(FIXTURES, 'handler.cjs'), entry, JSON.stringify(options)]
    return `query:${name}=${words.map(quote).join(' ')}`
  }
  const event_handlers = [
    handler('backup', `cat ${folder.at('gate')}; exit 3`),
    handler('cleanup', 'exit 0'),
    `query:bash_test=${[process.execPath, resolve('examples/job-handler.mjs')].map(quote).join(' ')}`,
  ]
  const env = { ...folder.environment, JOB_FOLDER: folder.path }
  const start = () => SerfAgent.start({ config: { event_handlers }, env })
  const becomes = (agent: SerfAgent, name: string, ...statuses: string[]) =>
    until(`${name} is ${statuses.join(' or ')}`, async () => {
      // Nothing but the state may be in the answer: an agent appends what a handler writes to stderr.
      const state = JSON.parse(await queryAnswer(agent, name, 'check')) as JobState
      return statuses.includes(state.status) ? state : undefined
    })

  const first = await start()
  try {
    for (const name of ['backup', 'cleanup', 'bash_test'])
      expect(await queryAnswer(first, name, 'start')).toBe('success')
    await becomes(first, 'backup', 'running')
    await becomes(first, 'bash_test', 'running')
    await becomes(first, 'cleanup', 'finished')
  } finally {
    await first.stop() // By SIGKILL.
  }
  const backup = folder.job({ command: 'true', state: folder.at('backup.json') })
  expect(backup.state().status).toBe('running')
  closeSync(openSync(folder.at('gate'), 'w'))
  await until('it ends while there is no agent', () => backup.state().status === 'finished')

  await using second = await start()
  expect(await becomes(second, 'backup', 'finished')).toMatchObject({ exitstatus: 3 })
  expect(await becomes(second, 'cleanup', 'finished')).toMatchObject({ exitstatus: 0 })
  await becomes(second, 'bash_test', 'running')
  expect(await queryAnswer(second, 'bash_test', 'kill')).toBe('success')
  expect(await becomes(second, 'bash_test', 'finished')).toMatchObject({ signal: 'SIGKILL' })
  for (const name of ['backup', 'cleanup', 'bash_test']) {
    expect(await queryAnswer(second, name, 'reap')).toBe('success')
    expect(await queryAnswer(second, name, 'check')).toBe('{"status":"absent"}')
  }
  expect(readdirSync(folder.path).filter((file) => /json|serfx/.test(file))).toEqual([])
})
