import type { Connection } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening, observe } from '../support/observe/recording'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('stop, on $kind', ({ start }) => {
  let agent: Agent
  let other: Connection

  beforeAll(async () => {
    agent = await start()
    other = await opened(agent)
  })
  afterAll(async () => {
    other.close()
    await stopAll(agent)
  })

  const fire = (name: string) => valueOf(other.event(name, undefined, { coalesce: false }))

  it('is sent when a stream is unsubscribed: the agent sends no more of it, and other streams go on', async () => {
    using connection = await opened(agent)
    using frames = observe(connection.frames$)
    const stopped = await listening(connection, connection.stream('user'))
    using goesOn = await listening(connection, connection.stream('user'))
    await fire('before')
    await until('both streams', () => stopped.values[0] && goesOn.values[0])

    stopped.unsubscribe()
    // The stop is sent before this, and the agent serves a connection in order.
    expect(await valueOf(connection.members())).toHaveLength(1)
    await fire('after')
    await goesOn.find('the event after', ({ name }) => name === 'after')
    await valueOf(connection.stats())

    const seqs = frames.values.filter(({ body }) => isUserEvent(body)).map(({ header }) => header.seq)
    const counts = [...new Set(seqs)].map((seq) => seqs.filter((another) => another === seq).length)
    expect(counts.sort()).toEqual([1, 2])
    expect(stopped.values.map(({ name }) => name)).toEqual(['before'])
    expect(goesOn.values.map(({ name }) => name)).toEqual(['before', 'after'])
  })

  it('ends the stream of its seq as a raw request too', async () => {
    using connection = await opened(agent)
    using raw = await listening(connection, connection.request('stream', { Type: 'user' }))
    using typed = await listening(connection, connection.stream('user'))
    const agreed = await raw.find('the reply')
    const { seq } = agreed.header
    await fire('before')
    const record = await raw.find('the event before', ({ body }) => body !== undefined)

    const [reply, ...more] = await valuesOf(connection.request('stop', { Stop: seq }))
    await fire('after')
    await typed.find('the event after', ({ name }) => name === 'after')
    await valueOf(connection.stats())

    expect(agreed).toEqual({ header: { seq: expect.any(Number), error: '' } })
    expect(record).toEqual({
      header: { seq, error: '' },
      body: { Event: 'user', Name: 'before', LTime: expect.any(Number), Payload: null, Coalesce: false },
    })
    expect(more).toEqual([])
    expect(reply).toEqual({ header: { seq: expect.any(Number), error: '' } })
    expect(reply?.header.seq).not.toBe(seq)
    expect(raw.values).toHaveLength(2)
  })

  it('ends a monitor', async () => {
    using connection = await opened(agent)
    using raw = await listening(connection, connection.request('monitor', { LogLevel: 'DEBUG' }))
    const { seq } = (await raw.find('the reply')).header

    await valueOf(connection.request('stop', { Stop: seq }))

    // One connection carries one monitor: a second one is proof that the first has ended.
    using second = await listening(connection, connection.monitor('debug'))
    await fire('logged')
    await second.find('a line', (line) => line.includes('logged'))
  })

  it.each([0, 1, 4711, 2n ** 64n - 1n])('is no error for the seq %d, which is no stream', async (seq) => {
    using connection = await opened(agent)

    expect(await valuesOf(connection.request('stop', { Stop: seq }))).toEqual([
      { header: { seq: expect.any(Number), error: '' } },
    ])
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('has no effect on a query, whose records still come', async () => {
    using connection = await opened(agent)
    using query = observe(
      connection.request('query', { Name: '_serf_ping', RequestAck: true, Timeout: 500_000_000 }),
    )
    const { seq } = (await query.find('the reply')).header

    await valueOf(connection.request('stop', { Stop: seq }))

    await until('the end of the query', () => query.completed)
    expect(query.values.at(-1)).toEqual({
      header: { seq, error: '' },
      body: { Type: 'done', From: '', Payload: null },
    })
    expect(query.values).toContainEqual({
      header: { seq, error: '' },
      body: { Type: 'ack', From: agent.name, Payload: null },
    })
  })

  it('leaves the queries of an ended stream answerable', async () => {
    using connection = await opened(agent)
    const stream = await listening(connection, connection.stream('query:asked'))
    using answers = observe(other.query('asked', undefined, { timeout: 60_000, until: 'everyone' }))
    const query = await stream.find('the query')

    stream.unsubscribe()
    await valueOf(query.respond('late'))

    await until('the answer', () => answers.completed)
    expect(answers.values).toEqual([{ type: 'response', from: agent.name, payload: Buffer.from('late') }])
  })
})

function isUserEvent(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'Event' in body && body.Event === 'user'
}
