import { forkJoin, from, mergeMap, toArray } from 'rxjs'
import { connect } from 'serfx'
import { type Agent, agentKinds } from '../support/agents/agents'
import { opened } from '../support/agents/opened'
import { RecordedSocket } from '../support/agents/recorded-socket'
import { listening, observe } from '../support/observe/recording'
import { valueOf, valuesOf } from '../support/observe/values'
import { expectUsable, ready } from '../support/peers/ready'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { frame, header, pack } from '../support/wire/pack'
import { done, response, userEvent } from '../support/wire/wire-records'

describe('many requests at once', () => {
  it('get their own replies in any order and in any pieces, among records of streams and queries', async () => {
    const { peer, connection } = await ready()
    const count = 5000
    const stream = observe(connection.stream('user'))
    const queries = Array.from({ length: 20 }, () => observe(connection.query('q')))
    const joins = Array.from({ length: count }, (_, index) => observe(connection.join(`${index}`)))
    const seq = await peer.seqOf('stream')
    const querySeqs = (await peer.sent('query', 20)).map((sent) => sent.seq)
    const joinSeqs = (await peer.sent('join', count)).map((sent) => ({
      seq: sent.seq,
      body: sent.body as { Existing: string[] },
    }))
    const frames: Buffer[] = [header(seq), ...querySeqs.map((one) => header(one))]
    // From the last to the first: nothing may depend on the order.
    joinSeqs.reverse().forEach((join, index) => {
      frames.push(frame(join.seq, { Num: Number(join.body.Existing[0]) }, index % 7 === 0 ? 'no' : ''))
      if (index % 5 === 0) frames.push(frame(seq, userEvent(`e${index}`)))
      const asked = querySeqs[index % 20]
      if (index % 3 === 0 && asked !== undefined) frames.push(frame(asked, response(`n${index}`)))
    })
    frames.push(...querySeqs.map((one) => frame(one, done)), pack({ Error: '', Seq: 1_000_000 }))
    const bytes = Buffer.concat(frames)
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 997) + 100)
      peer.send(bytes.subarray(at, at + size))
    await until('all have ended', () => joins.every(({ completed, error }) => completed || error))
    joins.forEach((join, index) => {
      if ((count - 1 - index) % 7 === 0) expect(join.error).toMatchObject({ body: index })
      else expect(join.values).toEqual([index])
    })
    expect(stream.values.map(({ name }) => name)).toEqual(
      Array.from({ length: count / 5 }, (_, index) => `e${index * 5}`),
    )
    expect(queries.every(({ completed }) => completed)).toBe(true)
    expect(queries.flatMap(({ values }) => values)).toHaveLength(Math.ceil(count / 3))
    await expectUsable({ peer, connection })
    stream.unsubscribe()
    connection.close()
  })

  it('error at once, all of them, when the connection ends', async () => {
    const { peer, connection } = await ready()
    const all = Array.from({ length: 5000 }, () => observe(connection.members()))
    await peer.sent('members', 5000)
    peer.end()
    await settle()
    expect(all.filter(({ error }) => error === undefined)).toEqual([])
  })
})

describe.each(agentKinds)('one socket, on $kind', ({ start }) => {
  let agent: Agent
  beforeAll(async () => (agent = await start({ name: 'node-a', tags: { role: 'web' } })))
  afterAll(() => agent.stop())

  it('serves thousands of requests at once, among a stream, a monitor and queries, each with its own', async () => {
    const recorded = new RecordedSocket(agent)
    using connection = await valueOf(connect(recorded.options()))
    using events = await listening(connection, connection.stream('user:flight'))
    using queries = await listening(connection, connection.stream('query:flight'))
    using lines = await listening(connection, connection.monitor('info'))
    const answered = connection.stream('query:flight').pipe(mergeMap((query) => query.respond(query.payload)))
    using answers = await listening(connection, answered)
    const writes = recorded.writes

    const count = 1500
    const many = Array.from({ length: count }, (_, index) => index)
    // Coordinates of nobody, members and statistics by turns: no two replies in a row have one shape.
    const known = forkJoin(
      many.map((index) => {
        if (index % 3 === 0) return connection.getCoordinate(`nobody-${index}`)
        return index % 3 === 1 ? connection.membersFiltered({ name: 'node-a' }) : connection.stats()
      }),
    )
    const asked = from(many.slice(0, 20)).pipe(
      mergeMap((index) => connection.query('flight', `${index}`, { until: 'everyone', timeout: 20_000 })),
      toArray(),
    )
    const fired = forkJoin(
      many.slice(0, 50).map((index) => connection.event('flight', `${index}`, { coalesce: false })),
    )
    const [replies, responses] = await valueOf(forkJoin([known, asked, fired]))

    replies.forEach((reply, index) => {
      if (index % 3 === 0) expect(reply).toBeNull()
      else if (index % 3 === 1) expect(reply).toEqual([expect.objectContaining({ name: 'node-a' })])
      else expect(reply).toMatchObject({ agent: { name: 'node-a' } })
    })
    expect(responses.map(({ text }) => Number(text)).sort((a, b) => a - b)).toEqual(many.slice(0, 20))
    await until('all events have come', () => events.values.length >= 50)
    expect(events.values.map(({ text }) => Number(text))).toEqual(many.slice(0, 50))
    expect(queries.values).toHaveLength(20)
    await until('all are answered', () => answers.values.length === 20)
    expect(lines.error).toBeUndefined()
    // In batches, not one by one.
    expect(recorded.writes - writes).toBeLessThan(count / 4)
    agent.expectAlive()
  })

  it('goes on after errors with and without a body', async () => {
    using connection = await opened(agent)
    const all = await Promise.allSettled([
      valueOf(connection.join('127.0.0.1:1')),
      valueOf(connection.members()),
      valueOf(connection.listKeys()),
      valueOf(connection.installKey('not base64!')),
      valueOf(connection.members()),
      valuesOf(connection.query('q', 'x'.repeat(5000))),
      valueOf(connection.respond(2n ** 63n)),
      valueOf(connection.members()),
    ])
    expect(all.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect(all[0]).toMatchObject({ reason: { code: 'AGENT_ERROR', command: 'join', body: 0 } })
    expect(all[2]).toMatchObject({
      reason: { code: 'AGENT_ERROR', command: 'list-keys', body: { numErr: 1 } },
    })
    expect(all[6]).toMatchObject({ reason: { code: 'INVALID_QUERY_ID' } })
    for (const index of [1, 4, 7]) expect(all[index]).toMatchObject({ value: [{ name: 'node-a' }] })
  })
})

describe.each(agentKinds)('unsubscribing, on $kind', ({ start }) => {
  let agent: Agent
  beforeAll(async () => (agent = await start({ name: 'node-b' })))
  afterAll(() => agent.stop())

  it('at any moment leaves the connection usable, and sends stop once where it is due', async () => {
    const recorded = new RecordedSocket(agent)
    using connection = await valueOf(connect(recorded.options()))
    using seen = await listening(connection, connection.stream('user:seen'))
    // In the turn in which it was subscribed: nothing is written.
    observe(connection.stream('user:never')).unsubscribe()
    observe(connection.query('never')).unsubscribe()
    // After it was sent, before the reply.
    const early = observe(connection.stream('user:early'))
    const query = observe(connection.query('early', undefined, { timeout: 200 }))
    const members = observe(connection.members())
    recorded.wrote = (commands) => {
      if (commands.includes('members')) for (const one of [early, query, members]) one.unsubscribe()
    }
    await until('they are sent', () => recorded.of('members').length === 1)
    // In the middle: records have come, and others follow.
    const late = await listening(connection, connection.stream('user:seen'))
    await valueOf(connection.event('seen', 'one', { coalesce: false }))
    await late.find('the first event')
    late.unsubscribe()
    await valueOf(connection.event('seen', 'two', { coalesce: false }))
    await seen.find('the second event', ({ text }) => text === 'two')
    // The unsubscribed query runs on at the agent until its end.
    await expect(valuesOf(connection.query('later', undefined, { timeout: 300 }))).resolves.toEqual([])

    const sent = recorded.requests.filter(({ command }) => command === 'stream')
    expect(sent.map(({ body }) => body)).toEqual([
      { Type: 'user:seen' },
      { Type: 'user:early' },
      { Type: 'user:seen' },
    ])
    expect(recorded.of('stop')).toEqual([{ Stop: sent[1]?.seq }, { Stop: sent[2]?.seq }])
    expect([early.values, query.values, members.values]).toEqual([[], [], []])
    expect(late.values.map(({ text }) => text)).toEqual(['one'])
    await expect(valueOf(connection.stats())).resolves.toMatchObject({ agent: { name: 'node-b' } })
  })
})
