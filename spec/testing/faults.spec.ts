import { connect, type Connection, type ConnectionOptions, createClient } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { listening, observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'
import { unpack } from '../support/wire/unpack'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'

describe('the faults of a TestAgent', () => {
  let agent: TestAgent
  const connections: Connection[] = []

  beforeEach(async () => {
    agent = await TestAgent.start({ name: 'self', encryptKey: 'MDEyMzQ1Njc4OWFiY2RlZg==' })
  })
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close()
    await agent.stop()
  })

  const open = async (options: ConnectionOptions = {}) => {
    const { host, port } = agent
    const connection = await valueOf(connect({ host, port, authKey: '', ...options }))
    connections.push(connection)
    return connection
  }

  it('are refused with what there is, where they cannot be meant', () => {
    const fault = agent.faults.next('members')
    expect(() => fault.drop('rst', { aftr: 'header' } as never)).toThrow('there is no "aftr"; valid: after')
    expect(() => fault.drop('rst', { after: 'haeder' } as never)).toThrow('not "haeder"')
    expect(() => fault.drop('reset' as never)).toThrow('"fin" or "rst", not "reset"')
    expect(() => fault.reply({ eror: '' } as never)).toThrow('there is no "eror"; valid: error, body')
    expect(() => fault.reply({ error: 5 } as never)).toThrow('the error of a reply must be a string')
    expect(() => fault.reply({ error: '', body: { Num: Symbol('x') } })).toThrow('the body.Num is symbol')
    expect(() => agent.faults.next('member' as never)).toThrow('must be one of *, handshake, auth')
    expect(() => agent.faults.every('member' as never)).toThrow('not "member"')
    expect(() => fault.delay('50' as never)).toThrow('not "50"')
    expect(() => fault.delay(-1)).toThrow(RangeError)
  })

  it('delay: what is behind waits too', async () => {
    const connection = await open()
    agent.faults.next('members').delay(100)
    const order: string[] = []
    const start = Date.now()
    await Promise.all([
      valueOf(connection.members()).then(() => order.push('members')),
      valueOf(connection.stats()).then(() => order.push('stats')),
    ])
    expect(order).toEqual(['members', 'stats'])
    expect(Date.now() - start).toBeGreaterThanOrEqual(95)
  })

  it('silence: that request, and what is behind it', async () => {
    const connection = await open({ timeout: 1_000 })
    agent.faults.next('members').silence()
    const failures = await Promise.all([failureOf(connection.members()), failureOf(connection.stats())])
    expect(failures).toMatchObject([{ code: 'TIMEOUT' }, { code: 'TIMEOUT' }])
  })

  it('silence from the first request on: an agent that accepts and says nothing', async () => {
    agent.faults.every('*').silence()
    const { port } = agent
    expect(await failureOf(connect({ port, authKey: '', timeout: 100 }))).toMatchObject({ code: 'TIMEOUT' })
  })

  it('reply with an error: without a body, or with one where the command has it', async () => {
    const connection = await open()
    agent.faults.next('members').reply({ error: 'not today' })
    agent.faults
      .next('list-keys')
      .reply({ error: '1/2 nodes reported success', body: { NumNodes: 2, NumResp: 1 } })
    agent.faults.next('join').reply({ error: 'nobody there' })
    const [members, keys, join, stats] = await Promise.all([
      failureOf(connection.members()),
      failureOf(connection.listKeys()),
      failureOf(connection.join('10.0.0.1')),
      valueOf(connection.stats()),
    ])
    expect(members).toMatchObject({ code: 'AGENT_ERROR', body: undefined })
    expect(keys).toMatchObject({ body: { numNodes: 2, numResp: 1, numErr: 0, keys: {} } })
    expect(join).toMatchObject({ body: 0 })
    expect(stats.agent.name).toBe('self')
  })

  it('reply with a made-up success', async () => {
    const connection = await open()
    agent.faults.next('stats').reply({ error: '', body: { agent: { name: 'somebody else' } } })
    expect(await valueOf(connection.stats())).toMatchObject({ agent: { name: 'somebody else' } })
  })

  it.each(['fin', 'rst'] as const)('drop with %s before the reply', async (how) => {
    const connection = await open()
    agent.faults.next('event').drop(how)
    expect(await failureOf(connection.event('deploy'))).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  describe.each(['fin', 'rst'] as const)('drop with %s', (how) => {
    it.each(['header', 1, 30, 60] as const)('after %s: so much came', async (after) => {
      using wire = await WireConnection.greeted(agent)
      let bytes = 0
      wire.socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
      agent.faults.next('members').drop(how, { after })
      wire.send(requestBytes('members', 2))
      expect(await wire.ended()).toBe(how === 'fin' ? 'fin' : 'ECONNRESET')
      expect(bytes).toBe(after === 'header' ? 13 : after)
      expect(wire.objects).toHaveLength(after === 1 ? 0 : 1)
    })

    it('inside a record of a stream', async () => {
      const connection = await open()
      agent.faults.next('stream').drop(how, { after: 100 })
      const stream = await listening(connection, connection.stream('user'))
      for (let count = 0; count < 3; count++) agent.userEvent('deploy', 'v1', { coalesce: false })
      await until('the loss', () => stream.error)
      expect(stream.error).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(stream.values).toHaveLength(1)
    })
  })

  it('send given bytes in place of a reply, and to everyone', async () => {
    const one = await open()
    agent.faults.next('members').send(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))
    expect(await failureOf(one.members())).toMatchObject({ code: 'PROTOCOL_ERROR' })
    const other = await open()
    agent.faults.send(Buffer.from([0xc1]))
    expect(await valueOf(other.closed$)).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it.each([1, 2, 7, 100])('split into pieces of %d bytes', async (bytes) => {
    const connection = await open()
    agent.faults.split(bytes)
    using stream = await listening(connection, connection.stream('user'))
    agent.userEvent('deploy', 'x'.repeat(50), { coalesce: false })
    expect(await valueOf(connection.members())).toHaveLength(1)
    await stream.find('the event')
    agent.faults.clear()
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('split into pieces that arrive on their own', async () => {
    using wire = await WireConnection.greeted(agent)
    const sizes: number[] = []
    wire.socket.on('data', (chunk: Buffer) => sizes.push(chunk.length))
    agent.faults.split(5)
    wire.send(requestBytes('stop', 2, { Stop: 0 }))
    await wire.received(1)
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(13)
  })

  it('refuse connections, while those that are there go on', async () => {
    const connection = await open()
    const { port } = agent
    agent.faults.refuse()
    expect(await failureOf(connect({ port, authKey: '' }))).toMatchObject({ code: 'ECONNREFUSED' })
    expect(await valueOf(connection.members())).toHaveLength(1)
    await agent.faults.accept()
    expect(agent.port).toBe(port)
    await open()
  })

  it('accept no connections for an agent that has stopped', async () => {
    await agent.stop()
    await expect(agent.faults.accept()).rejects.toThrow('call restart()')
    expect(await failureOf(connect({ port: agent.port, authKey: '' }))).toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  it('come in turn with next, stay with every, and end with clear', async () => {
    const connection = await open()
    agent.faults.every('members').reply({ error: 'always' })
    agent.faults.next('members').reply({ error: 'first' })
    agent.faults.next('*').reply({ error: 'second' })
    const errors: unknown[] = []
    for (let count = 0; count < 4; count++) errors.push(String(await failureOf(connection.members())))
    expect(errors.map((error) => /first|second|always/.exec(String(error))?.[0])).toEqual([
      'first',
      'second',
      'always',
      'always',
    ])
    agent.faults.clear()
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('disconnect everyone, whom a client survives', async () => {
    using client = createClient({ host: agent.host, port: agent.port, authKey: '' })
    using events = observe(client.stream('user'))
    for (const how of ['fin', 'rst'] as const) {
      await agent.streaming('user')
      agent.disconnect(how)
    }
    await agent.streaming('user')
    agent.userEvent('deploy', 'v1', { coalesce: false })
    expect((await events.find('the event')).text).toBe('v1')
    expect(await valuesOf(client.event('done'))).toEqual([undefined])
  })

  it('have late records come after the reply to stop', async () => {
    await using late = await TestAgent.start({ recordsAfterStop: 2 })
    using wire = await WireConnection.greeted(late)
    wire.send(requestBytes('stream', 2, { Type: 'user' }))
    await wire.received(1)
    wire.send(requestBytes('stop', 3, { Stop: 2 }))
    await wire.received(2)
    for (const name of ['a', 'b', 'c']) late.userEvent(name, undefined, { coalesce: false })
    await wire.received(6)
    await wire.settled()
    expect(wire.objects.map(unpack)).toMatchObject([
      { Seq: 2 },
      { Seq: 3 },
      { Seq: 2 },
      { Name: 'a' },
      { Seq: 2 },
      { Name: 'b' },
    ])
  })
})
