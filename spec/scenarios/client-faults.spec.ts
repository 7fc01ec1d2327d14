import { createServer } from 'node:http'
import { firstValueFrom } from 'rxjs'
import { createClient, type QueryEvent } from 'serfx'
import { freePort } from '../support/agents/free-port'
import { observe } from '../support/observe/recording'
import { TcpPeer } from '../support/peers/tcp-peer'
import { frame, header } from '../support/wire/pack'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

const host = '127.0.0.1'
const reconnect = { initialDelay: 10, maxDelay: 50 }
const where = ({ port, gossip }: SerfAgent) => ({ port, bindPort: Number(gossip.split(':')[1]) })

/** The same agent once more, with the same ports. */
const again = (agent: SerfAgent, options = {}) => SerfAgent.start({ ...where(agent), ...options })

async function fires(client: ReturnType<typeof createClient>, seen: () => number): Promise<void> {
  const before = seen()
  await until('an event arrives', async () => {
    await valueOf(client.event('alive', '', { coalesce: false }))
    return seen() > before
  })
}

describe('an agent that is killed', () => {
  it('during two thousand requests and a stream: reads get their values, writes get an error, the stream goes on', async () => {
    let agent = await SerfAgent.start()
    // Reads are sent again until their timeout has passed: on a busy machine an agent takes long to start.
    using client = createClient({ host, port: agent.port, timeout: 60_000, reconnect })
    const status = observe(client.status$)
    const gaps = observe(client.gaps$)
    const stream = observe(client.stream('user'))
    await fires(client, () => stream.values.length)
    const read = () => observe(client.members())
    const write = () => observe(client.event('x', '', { coalesce: false }))
    const reads = Array.from({ length: 500 }, read)
    const writes = Array.from({ length: 500 }, write)
    await until('replies come in', () => reads.some(({ ended }) => ended))
    // What is sent to a frozen agent is certainly pending when it is killed.
    await agent.freeze()
    reads.push(...Array.from({ length: 500 }, read))
    writes.push(...Array.from({ length: 500 }, write))
    await agent.stop()
    expect(reads.filter(({ ended }) => !ended).length).toBeGreaterThanOrEqual(500)
    agent = await again(agent)
    await using revived = agent
    revived.expectAlive()
    await until('all have ended', () => [...reads, ...writes].every(({ ended }) => ended))
    expect(reads.filter(({ values, completed }) => completed && values.length === 1)).toHaveLength(1_000)
    const failed = writes.filter(({ completed }) => !completed)
    expect(failed.length).toBeGreaterThanOrEqual(500)
    for (const one of failed) {
      expect(one).toMatchObject({ values: [], error: { name: 'ConnectionError', code: 'CONNECTION_LOST' } })
    }
    await fires(client, () => stream.values.length)
    expect(stream.error).toBeUndefined()
    expect(gaps.values).toMatchObject([{ reason: 'reconnected' }])
    expect(status.values).toEqual(['idle', 'connecting', 'ready', 'reconnecting', 'ready'])
  })

  it('during a query: the query errors, and an answer to an old one is refused', async () => {
    let agent = await SerfAgent.start()
    using client = createClient({ host, port: agent.port, timeout: 60_000, reconnect })
    const questions: QueryEvent[] = []
    const listening = client.stream('query:q').subscribe((question) => questions.push(question))
    await valueOf(client.members())
    const query = observe(client.query('q', 'hello', { timeout: 20_000, requestAck: true }))
    await until('the query has come', () => questions[0] !== undefined && query.values.length > 0)
    await agent.stop()
    await until('the query has ended', () => query.ended)
    expect(query.error).toMatchObject({ code: 'CONNECTION_LOST' })
    agent = await again(agent)
    await using revived = agent
    revived.expectAlive()
    await valueOf(client.members())
    // On the new connection this id is that of another query.
    const other = observe(client.query('q', 'again', { timeout: 20_000 }))
    await until('another query has come', () => questions[1] !== undefined)
    expect(questions[1]?.id).toBe(questions[0]?.id)
    expect(observe((questions[0] as QueryEvent).respond('late')).error).toMatchObject({
      code: 'CONNECTION_LOST',
    })
    await valueOf((questions[1] as QueryEvent).respond('in time'))
    await until('the answer has come', () => other.values[0]?.text === 'in time')
    listening.unsubscribe()
  })

  it('in the middle of a message, which the next connection delivers whole', async () => {
    await using server = await TcpPeer.greeting(({ seq, connection: { socket } }) => {
      const reply = frame(seq, { Members: [] })
      if (server.connections.length > 1) return reply
      socket.write(reply.subarray(0, -6), () => socket.resetAndDestroy())
      return undefined
    })
    using client = createClient({ host, port: server.port, reconnect })
    expect(await valueOf(client.members())).toEqual([])
    expect(server.connections).toHaveLength(2)
  })

  it.each(['handshake', 'auth'])(
    'during the %s: the first time an error, later another attempt',
    async (step) => {
      let dies = true
      await using server = await TcpPeer.start(({ command, seq, connection }) => {
        if (!dies || command !== step) return header(seq)
        connection.socket.destroy()
        return undefined
      })
      using client = createClient({ host, port: server.port, authKey: 'k', reconnect })
      const first = observe(client.event('x'))
      await until('it has ended', () => first.ended)
      expect(first.error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_LOST' })
      dies = false
      const stream = observe(client.stream())
      await until('it is ready', async () => (await firstValueFrom(client.status$)) === 'ready')
      dies = true
      server.socket.destroy()
      const tries = server.connections.length
      await until('it has tried several times', () => server.connections.length > tries + 3)
      dies = false
      await until('it is ready again', async () => (await firstValueFrom(client.status$)) === 'ready')
      expect(stream.error).toBeUndefined()
    },
  )
})

describe('an agent that is frozen', () => {
  it('is detected by the heartbeat, and connected again when it continues', async () => {
    await using agent = await SerfAgent.start()
    using client = createClient({ host, port: agent.port, heartbeat: 300, timeout: 60_000, reconnect })
    const stream = observe(client.stream('user'))
    await fires(client, () => stream.values.length)
    await agent.freeze()
    const query = observe(client.query('q', '', { timeout: 20_000 }))
    // Nothing but the heartbeat is due before the deadline of this wait.
    await until('the loss is noticed', async () => (await firstValueFrom(client.status$)) === 'reconnecting')
    expect(query.error).toMatchObject({ code: 'CONNECTION_LOST', cause: { name: 'TimeoutError' } })
    agent.signal('SIGCONT')
    await until('it is ready again', async () => (await firstValueFrom(client.status$)) === 'ready')
    await fires(client, () => stream.values.length)
    expect(stream.error).toBeUndefined()
  })
})

describe('an agent that comes back', () => {
  it('with another key: everything errors, and nothing dials again', async () => {
    const agent = await SerfAgent.start({ authKey: 'old' })
    using client = createClient({ host, port: agent.port, authKey: 'old', reconnect })
    const stream = observe(client.stream())
    const membership = observe(client.membership())
    await until('the members are known', () => membership.values.length > 0)
    await agent.stop()
    const waiting = observe(client.event('x'))
    await using revived = await again(agent, { authKey: 'new' })
    revived.expectAlive()
    await until('all have ended', () => [stream, membership, waiting].every(({ ended }) => ended))
    for (const { error } of [stream, membership, waiting]) {
      expect(error).toMatchObject({ name: 'RpcError', code: 'INVALID_AUTH_TOKEN' })
    }
    expect(await firstValueFrom(client.status$)).toBe('idle')
    await expect(valueOf(client.members())).rejects.toMatchObject({ code: 'INVALID_AUTH_TOKEN' })
  })

  it('after an HTTP server had its port', async () => {
    const agent = await SerfAgent.start()
    using client = createClient({ host, port: agent.port, reconnect, timeout: 3_000 })
    const stream = observe(client.stream('user'))
    await fires(client, () => stream.values.length)
    await agent.stop()
    // What is subscribed before the loss is known is sent on the old connection, and lost with it.
    await until('the loss is noticed', async () => (await firstValueFrom(client.status$)) === 'reconnecting')
    const server = createServer().listen(agent.port, host)
    let connections = 0
    server.on('connection', () => connections++)
    const write = observe(client.event('x'))
    const stranger = createClient({ host, port: agent.port })
    const first = observe(stranger.members())
    await until(
      'both have ended, and it has tried several times',
      () => write.ended && first.ended && connections > 4,
    )
    expect(first.error).toMatchObject({
      name: 'ProtocolError',
      message: expect.stringContaining('another service'),
    })
    expect(write.error).toMatchObject({ name: 'TimeoutError', cause: { name: 'ProtocolError' } })
    expect(stream.error).toBeUndefined()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await using revived = await again(agent)
    revived.expectAlive()
    await fires(client, () => stream.values.length)
  })

  it('is one of several addresses, of which the first two are dead', async () => {
    await using agent = await SerfAgent.start()
    const dead = [await freePort(), await freePort()].map((port) => `${host}:${port}`)
    using client = createClient({ addresses: [...dead, `${host}:${agent.port}`] })
    expect((await valueOf(client.members())).map(({ name }) => name)).toEqual([agent.name])
    using nowhere = createClient({ addresses: dead })
    const failed = observe(nowhere.members())
    await until('it has failed', () => failed.ended)
    expect(failed.error).toMatchObject({ code: 'ECONNREFUSED', address: dead.join(', ') })
  })
})

describe('an agent that does not run', () => {
  it('errors all commands at once', async () => {
    const port = await freePort()
    using client = createClient({ host, port })
    const start = performance.now()
    const asked = [observe(client.members()), observe(client.stream()), observe(client.monitor())]
    await until('all have ended', () => asked.every(({ ended }) => ended))
    // A limit of time would be 10 s.
    expect(performance.now() - start).toBeLessThan(5_000)
    for (const { error } of asked) {
      expect(error).toMatchObject({
        code: 'ECONNREFUSED',
        address: `${host}:${port}`,
        message: expect.stringMatching(/^\w+: cannot connect to .* is `serf agent` running/),
      })
    }
  })
})
