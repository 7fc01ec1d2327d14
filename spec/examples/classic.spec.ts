import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { askUntilAnswered } from '../support/agents/ask'
import { listening } from '../support/observe/recording'
import { opened } from '../support/agents/opened'
import { Program } from '../support/run/program'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'

const examples = join(__dirname, '../../examples')

describe.each(agentKinds)('the classic programs: $kind', ({ startCluster }) => {
  let agent: Agent
  let other: Agent
  beforeAll(async () => {
    ;[agent, other] = await startCluster(
      { name: 'node-a', tags: { role: 'web', zone: 'eu' }, authKey: 'open sesame' },
      { name: 'node-b', tags: { role: 'db' }, authKey: 'open sesame' },
    )
  })
  afterAll(() => stopAll(agent, other))

  it('members.ts lists the members', async () => {
    await using program = Program.example('members.ts', [], { agent })
    const [heading, ...rows] = await program.succeeded()
    expect(heading).toMatch(/^NAME +ADDRESS +STATUS +TAGS$/)
    expect(rows.map((row) => row.split(/ +/)).sort()).toEqual([
      ['node-a', agent.gossip, 'alive', 'role=web,zone=eu'],
      ['node-b', other.gossip, 'alive', 'role=db'],
    ])
  })

  it('members.ts says what to do when the key is wrong, with status 1', async () => {
    await using program = Program.example('members.ts', [], { agent: { ...agent, authKey: 'wrong' } })
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toContain('Invalid authentication token')
    expect(program.stderr).not.toContain('at ') // no stack for what is no bug
  })

  it('user-event.ts fires an event that other members get', async () => {
    using connection = await opened(other)
    using events = await listening(connection, connection.stream('user:deploy'))
    await using program = Program.example('user-event.ts', ['deploy', 'v1.2.3'], { agent })
    expect(await program.succeeded()).toEqual(['fired deploy'])
    expect(await events.find('the event')).toMatchObject({ text: 'v1.2.3', coalesce: false })
  })

  it('query.ts prints who got it and who answers, without what would move the cursor', async () => {
    using connection = await opened(other)
    using queries = await listening(connection, connection.stream('query:greet'))
    await using program = Program.example('query.ts', ['greet', 'hello'], { agent })
    const query = await queries.find('the query')
    expect(query.text).toBe('hello')
    query.respond('hi\x1b[2J\nthere').subscribe()
    expect((await program.succeeded()).sort()).toEqual([
      'node-a got it',
      'node-b answers: hi\uFFFD[2J\uFFFDthere',
      'node-b got it',
    ])
  })

  it('connection-details.ts takes host, port and key from variables of its own', async () => {
    const env = {
      AGENT_HOST: other.host,
      AGENT_PORT: String(other.port),
      AGENT_KEY: 'open sesame',
      SERF_RPC_ADDR: '127.0.0.1:1',
    }
    await using program = Program.example('connection-details.ts', [], { env })
    expect(await program.succeeded()).toEqual([`${other.host}:${other.port} is node-b`])
  })

  it('connection-details.ts falls back to the variables of Serf', async () => {
    await using program = Program.example('connection-details.ts', [], { agent })
    expect(await program.succeeded()).toEqual([`${agent.host}:${agent.port} is node-a`])
  })
})

describe('the classic handlers on a real agent', () => {
  it.each(['script-handler.mjs', 'script-handler.cjs'])('%s answers upcase', async (file) => {
    await using agent = await SerfAgent.start({
      config: { event_handlers: [`query:upcase=${join(examples, file)}`] },
    })
    expect(await askUntilAnswered(agent, 'upcase', 'foo')).toBe('FOO')
  })

  it('job-handler.mjs starts, checks, kills and reaps its job', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serfx-job-'))
    try {
      await using agent = await SerfAgent.start({
        config: { event_handlers: [`query:bash_test=${join(examples, 'job-handler.mjs')}`] },
        env: { JOB_FOLDER: folder },
      })
      const ask = (payload: string) => askUntilAnswered(agent, 'bash_test', payload)
      // A question whose answer came too late is asked again, and its second answer is another one.
      expect(['success', 'failed']).toContain(await ask('start'))
      try {
        await until('the job runs', async () => (await ask('check')).includes('"status":"running"'))
        await until('the job prints', () =>
          readFileSync(join(folder, 'bash_test.log'), 'utf8').includes('1\n'),
        )
      } finally {
        await ask('kill')
      }
      await until('the job has ended', async () => (await ask('check')).includes('"signal":"SIGKILL"'))
      await ask('reap')
      expect(await ask('check')).toBe('{"status":"absent"}')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
