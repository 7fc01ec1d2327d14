import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { connect, createClient } from 'serfx'
import { opened } from '../support/agents/opened'
import { SerfAgent } from '../support/agents/serf-agent'
import { failureOf } from '../support/observe/failure'
import { listening, observe } from '../support/observe/recording'
import { valueOf } from '../support/observe/values'
import { TcpPeer } from '../support/peers/tcp-peer'
import { stopProcess } from '../support/run/processes'
import { until } from '../support/time/until'
import { header } from '../support/wire/pack'

/** Keeps this process from reading its sockets, once what has been subscribed is written. */
async function busy(ms: number): Promise<void> {
  await new Promise<void>((resolve) =>
    process.nextTick(() => {
      const end = performance.now() + ms
      while (performance.now() < end);
      resolve()
    }),
  )
}

describe('a process that is too busy to read', () => {
  let agent: SerfAgent

  beforeAll(async () => {
    agent = await SerfAgent.start({ config: { event_handlers: ['query:late=sleep 0.2; echo answer'] } })
  })

  afterAll(() => agent.stop())

  test('gets the replies that have arrived before their deadline takes effect', async () => {
    using connection = await opened(agent, { timeout: 1_000 })
    const pending = [observe<unknown>(connection.members()), observe<unknown>(connection.event('deploy'))]
    await busy(2_000)
    await until('both have ended', () => pending.every(({ ended }) => ended))
    expect(pending.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(pending.map(({ values }) => values.length)).toEqual([1, 1])
  })

  test('gets the responses of a query whose end has passed', async () => {
    using connection = await opened(agent)
    const query = observe(connection.query('late', '', { timeout: 2_000 }))
    const accepted = observe(connection.stats())
    await until('the agent has accepted it', () => accepted.ended)
    // The query ends 1 s after its timeout where `done` does not come.
    await busy(3_200)
    await until('it has ended', () => query.ended)
    expect(query.values.map(({ text }) => text.trim())).toEqual(['answer'])
  })

  test('has its connection, though the dial took longer than it may', async () => {
    const { host, port } = agent
    const dialled = observe(
      connect({ host, port, authKey: '', timeout: 1_000 }, ({ port: there }) => [there]),
    )
    await busy(1_500)
    await until('it has ended', () => dialled.ended)
    expect(dialled).toMatchObject({ values: [port], error: undefined })
  })

  test('keeps its connection, though the heartbeat had no answer in time', async () => {
    const { host, port } = agent
    using client = createClient({ host, port, authKey: '', heartbeat: 500 })
    const status = observe(client.status$)
    observe(client.stream())
    await until('it is ready', () => status.values.at(-1) === 'ready')
    for (let round = 0; round < 4; round++) {
      await busy(1_200)
      await valueOf(client.stats())
    }
    expect(status.values).not.toContain('reconnecting')
  })
})

describe('a process that is stopped', () => {
  const timeout = 500
  /** When a query ends where `done` does not come: 1 s after its timeout. */
  const end = timeout + 1_000

  test('gets the responses that have come meanwhile, though their query is over when it goes on', async () => {
    await using agent = await SerfAgent.start()
    using connection = await opened(agent)
    using queries = await listening(connection, connection.stream('query:late'))
    const script = `
      const { createClient } = require('./dist/index.js')
      const { close, query } = createClient({ port: ${agent.port}, authKey: '' })
      query('late', '', { timeout: ${timeout}, requestAck: true }).subscribe({
        next: ({ type, text = '' }) => console.log(type, text),
        error: (error) => console.log(String(error)),
        complete: () => { console.log('done'); close() },
      })`
    const child = spawn(process.execPath, ['-e', script], { cwd: join(__dirname, '../..') })
    let output = ''
    child.stdout.on('data', (text) => (output += String(text)))
    const closed = new Promise((resolve) => child.once('close', resolve))
    try {
      await until('the program has started and asked', () => queries.values.length > 0, 60_000)
      const asked = await queries.find('the query')
      // Before its ack the agent has accepted the query, from when on its time counts.
      await until('it has its ack', () => output === 'ack \n')
      await stopProcess(child.pid ?? 0)
      await valueOf(asked.respond('answer'))
      const stoppedAt = performance.now()
      await until('its time is over', () => performance.now() - stoppedAt > end)
      expect(output).toBe('ack \n')
      child.kill('SIGCONT')
      await closed
      expect(output).toBe('ack \nresponse answer\ndone\n')
    } finally {
      child.kill('SIGKILL')
      await closed
    }
  }, 120_000)
})

describe('an agent that does not read', () => {
  test('gets no request later that was given up before it was written', async () => {
    await using agent = await SerfAgent.start()
    using connection = await opened(agent, { timeout: 1_000 })
    using observer = await opened(agent)
    const timeOf = async () => Number((await valueOf(observer.stats())).serf['event_time'])
    const before = await timeOf()
    await agent.freeze()
    const payload = Buffer.alloc(400, 'x')
    const count = 40_000
    const errors: string[] = []
    for (let fired = 0; fired < count; fired++) {
      connection.event('flood', payload, { coalesce: false }).subscribe({
        error: (error: unknown) => errors.push(String(error)),
      })
      if (fired % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until('all have ended', () => errors.length === count, 60_000)
    const unsent = errors.filter((message) => message.includes('does not read')).length
    expect(unsent).toBeGreaterThan(1_000)
    agent.signal('SIGCONT')
    // What follows on the same connection is answered after all that went out before.
    await until(
      'the agent has caught up',
      () =>
        valueOf(connection.event('last')).then(
          () => true,
          () => false,
        ),
      60_000,
    )
    const reached = await timeOf()
    expect(reached - before).toBeLessThanOrEqual(count - unsent + 100)
  }, 240_000)
})

describe('a hostile agent', () => {
  /** A server that greets and then answers this command with a header and these bytes. */
  const answering = (name: string, ...bytes: Buffer[]) =>
    TcpPeer.greeting(({ command, seq }) =>
      command === name ? Buffer.concat([header(seq), ...bytes]) : undefined,
    )

  const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

  test('has millions of empty members refused at the first one', async () => {
    const count = 8_000_000
    const opening = Buffer.from([0x81, 0xa7, ...Buffer.from('Members'), 0xdd, ...uint32(count)])
    await using server = await answering('members', opening, Buffer.alloc(count, 0xc0))
    const failing = connect(server.options({ timeout: 50_000 }), (connection) => connection.members())
    const before = process.memoryUsage().heapUsed
    await expect(failureOf(failing)).resolves.toMatchObject({ name: 'ProtocolError' })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6)
  })

  test('has stats of millions of keys refused', async () => {
    const count = 2_000_000
    const entries = Buffer.alloc(10 * count)
    for (let index = 0; index < count; index++) {
      entries[10 * index] = 0xa8
      entries.write(String(index).padStart(8, '0'), 10 * index + 1, 'latin1')
      entries[10 * index + 9] = 0xa0
    }
    const opening = Buffer.from([0x81, 0xa4, ...Buffer.from('serf'), 0xdf, ...uint32(count)])
    await using server = await answering('stats', opening, entries)
    const failing = connect(server.options({ timeout: 50_000 }), (connection) => connection.stats())
    await expect(failureOf(failing)).resolves.toMatchObject({ name: 'ProtocolError' })
  })
})
