import { concat, ignoreElements, type Observable, take } from 'rxjs'
import { Connection, ProtocolError, TimeoutError } from 'serfx'
import { Collected } from '../support/collected'
import { failureOf } from '../support/failure'
import { frame, header, pack, type Packable } from '../support/pack'
import { Peer } from '../support/peer'
import { ready } from '../support/ready'
import { turns } from '../support/turns'
import { until } from '../support/until'
import { valueOf, valuesOf } from '../support/values'

const userEvent = (name: string): Packable => ({
  Coalesce: false,
  Event: 'user',
  LTime: 1,
  Name: name,
  Payload: null,
})
const response = (from: string): Packable => ({ From: from, Payload: Buffer.from(from), Type: 'response' })
const ack = (from: string): Packable => ({ From: from, Payload: null, Type: 'ack' })
const done: Packable = { From: '', Payload: null, Type: 'done' }

/** Whether the connection still works: a command that is asked and answered. */
async function expectUsable({ peer, connection }: { peer: Peer; connection: Connection }): Promise<void> {
  const stats = new Collected(connection.stats())
  const before = peer.commands.filter((command) => command === 'stats').length
  peer.reply((await peer.sent('stats', before + 1)).at(-1)?.seq ?? -1, { agent: { name: 'usable' } })
  await expect(stats.find('the reply')).resolves.toMatchObject({ agent: { name: 'usable' } })
}

describe('a command', () => {
  it('leaves with all others of its turn in one write', async () => {
    const { peer, connection } = await ready()
    const before = peer.writes.length
    for (let count = 0; count < 20; count++) new Collected(connection.tags({ a: `${count}` }))
    new Collected(connection.stream())
    await peer.sent('stream')
    expect(peer.writes.length).toBe(before + 1)
    expect(peer.requests.map(({ seq }) => seq)).toEqual([
      1,
      ...Array.from({ length: 21 }, (_, index) => index + 2),
    ])
    connection.close()
  })

  it('is never sent when it is given up in its turn', async () => {
    const { peer, connection } = await ready()
    for (const reply$ of [connection.members(), connection.stream(), connection.query('q')])
      new Collected<unknown>(reply$).unsubscribe()
    await turns()
    expect(peer.commands).toEqual(['handshake'])
    await expectUsable({ peer, connection })
    connection.close()
  })

  it('may be given up before its reply, which is swallowed', async () => {
    const { peer, connection } = await ready()
    const [members, joined, query] = [
      new Collected(connection.members()),
      new Collected(connection.join('a')),
      new Collected(connection.query('q')),
    ]
    const [first, second, third] = [
      await peer.seqOf('members'),
      await peer.seqOf('join'),
      await peer.seqOf('query'),
    ]
    for (const one of [members, joined, query]) one.unsubscribe()
    peer.reply(first, { Members: [{ Name: 'late' }] })
    peer.reply(second, { Num: 0 }, 'late too')
    peer.reply(third)
    peer.reply(third, response('late three'))
    peer.reply(third, done)
    await expectUsable({ peer, connection })
    expect([members.values, joined.values, query.values]).toEqual([[], [], []])
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('that takes too long times out alone; what comes late is swallowed', async () => {
    const { peer, connection } = await ready({ timeout: 50 })
    const stream = new Collected(connection.stream())
    peer.reply(await peer.seqOf('stream'))
    const error = await failureOf(connection.join('a'))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/^join: .*peer:7373.* 50 ms/),
    })
    peer.reply(await peer.seqOf('join'), { Num: 1 })
    await expectUsable({ peer, connection })
    expect(stream.error).toBeUndefined()
    connection.close()
  })

  it('whose reply is none errors alone', async () => {
    const { peer, connection } = await ready()
    const joined = new Collected(connection.join('a'))
    peer.reply(await peer.seqOf('join'), { Num: 'one' })
    await until('it has failed', () => joined.error)
    expect(joined.error).toBeInstanceOf(ProtocolError)
    expect(joined.error).toHaveProperty('message', expect.stringMatching(/^join: .*peer:7373/))
    await expectUsable({ peer, connection })
    connection.close()
  })

  it.each(['join', 'list-keys'] as const)(
    'that failed with a body (%s) leaves the next its own',
    async (command) => {
      const { peer, connection } = await ready()
      const failed = new Collected<unknown>(command === 'join' ? connection.join('a') : connection.listKeys())
      const members = new Collected(connection.members())
      const seqs = [await peer.seqOf(command), await peer.seqOf('members')] as const
      peer.send(
        Buffer.concat([
          frame(
            seqs[0],
            command === 'join' ? { Num: 0 } : { Keys: {}, Messages: {}, NumErr: 1, NumNodes: 1, NumResp: 1 },
            'no',
          ),
          frame(seqs[1], { Members: [{ Name: 'a' }] }),
        ]),
      )
      await expect(members.find('the members')).resolves.toMatchObject([{ name: 'a' }])
      expect(failed.error).toMatchObject({ code: 'AGENT_ERROR', command, body: expect.anything() })
      connection.close()
    },
  )

  it('that needs a key gets two errors from the agent; the second is swallowed', async () => {
    const { peer, connection } = await ready()
    const joined = new Collected(connection.join('a'))
    const seq = await peer.seqOf('join')
    peer.send(header(seq, 'Authentication required'), header(seq, 'Authentication required'))
    await until('it has failed', () => joined.error)
    expect(joined.error).toMatchObject({ code: 'AUTH_REQUIRED', body: undefined })
    await expectUsable({ peer, connection })
    connection.close()
  })
})

const listeners: ['stream' | 'monitor', (connection: Connection) => Observable<unknown>][] = [
  ['stream', (connection) => connection.stream('user')],
  ['monitor', (connection) => connection.monitor('info')],
]

describe.each(listeners)('a %s', (command, listen) => {
  const record: Packable = command === 'stream' ? userEvent('e') : { Log: 'line' }

  it('is stopped, once, by its seq when it is unsubscribed, and its late records are swallowed', async () => {
    const { peer, connection } = await ready()
    const listening = new Collected(listen(connection))
    const seq = await peer.seqOf(command)
    peer.reply(seq)
    peer.reply(seq, record)
    await listening.find('a record')
    listening.unsubscribe()
    listening.unsubscribe()
    const [stop] = await peer.sent('stop')
    expect(stop?.body).toEqual({ Stop: seq })
    peer.reply(seq, record)
    peer.reply(stop?.seq ?? -1)
    peer.reply(seq, record)
    await expectUsable({ peer, connection })
    expect(listening.values).toHaveLength(1)
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(1)
    connection.close()
  })

  it('is stopped when it is unsubscribed before the agent has agreed', async () => {
    const { peer, connection } = await ready()
    const listening = new Collected(listen(connection))
    const seq = await peer.seqOf(command)
    listening.unsubscribe()
    expect((await peer.sent('stop'))[0]?.body).toEqual({ Stop: seq })
    peer.reply(seq)
    peer.reply(seq, record)
    await expectUsable({ peer, connection })
    connection.close()
  })

  it('is stopped by take(1), within its own record', async () => {
    const { peer, connection } = await ready()
    const first = valueOf(listen(connection).pipe(take(1)))
    const seq = await peer.seqOf(command)
    peer.send(Buffer.concat([header(seq), frame(seq, record), frame(seq, record)]))
    await first
    await peer.sent('stop')
    await expectUsable({ peer, connection })
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(1)
    connection.close()
  })

  it('is not stopped where the agent has refused it', async () => {
    const { peer, connection } = await ready()
    const listening = new Collected(listen(connection))
    peer.reply(await peer.seqOf(command), undefined, 'Monitor already exists')
    await until('it has failed', () => listening.error)
    await expectUsable({ peer, connection })
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('is stopped where a record was none, or no reply came', async () => {
    const { peer, connection } = await ready({ timeout: 50 })
    const silent = new Collected(listen(connection))
    await until('it has timed out', () => silent.error)
    await peer.sent('stop')
    const garbled = new Collected(listen(connection))
    const seq = (await peer.sent(command, 2)).at(-1)?.seq ?? -1
    peer.reply(seq)
    peer.reply(seq, ['none'])
    await until('it has failed', () => garbled.error)
    expect(garbled.error).toBeInstanceOf(ProtocolError)
    expect((await peer.sent('stop', 2)).map(({ body }) => body)).toEqual([{ Stop: seq - 2 }, { Stop: seq }])
    connection.close()
  })
})

describe('a query', () => {
  it('may be left after its first response, without a stop, and what still comes is swallowed', async () => {
    const { peer, connection } = await ready()
    const first = valueOf(connection.query('q').pipe(take(1)))
    const seq = await peer.seqOf('query')
    peer.send(Buffer.concat([header(seq), frame(seq, response('a')), frame(seq, response('b'))]))
    await expect(first).resolves.toMatchObject({ type: 'response', from: 'a', text: 'a' })
    peer.reply(seq, response('c'))
    peer.reply(seq, done)
    await expectUsable({ peer, connection })
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('drops what comes from nobody', async () => {
    const { peer, connection } = await ready()
    const answers = valuesOf(connection.query('q', undefined, { requestAck: true }))
    const seq = await peer.seqOf('query')
    const nobody = [ack(''), response('')].map((record) => frame(seq, record))
    peer.send(
      Buffer.concat([
        header(seq),
        ...nobody,
        frame(seq, ack('a')),
        frame(seq, response('a')),
        ...nobody,
        frame(seq, done),
      ]),
    )
    await expect(answers).resolves.toEqual([
      { type: 'ack', from: 'a' },
      expect.objectContaining({ type: 'response', from: 'a' }),
    ])
    connection.close()
  })

  it('asks nobody, without sending or dialling, where no node is to be asked', async () => {
    const peer = new Peer()
    using connection = new Connection(peer.options())
    for (const until of ['deadline', 'everyone'] as const) {
      await expect(valuesOf(connection.query('q', 'p', { filterNodes: [], until }))).resolves.toEqual([])
    }
    expect(peer.dials).toBe(0)
    expect(() => connection.query('', 'p', { filterNodes: [] })).toThrow(TypeError)
  })

  it('has its timeout as whole nanoseconds', async () => {
    const { peer, connection } = await ready()
    new Collected(connection.query('q', undefined, { timeout: 15_000 }))
    expect((await peer.sent('query'))[0]?.body).toMatchObject({ Timeout: 15_000_000_000n })
    connection.close()
  })
})

describe('a query of a stream', () => {
  const queryEvent = (id: number | bigint): Packable => ({
    Event: 'query',
    ID: id,
    LTime: 1,
    Name: 'q',
    Payload: null,
  })

  it('is answered with its own id, each time it is subscribed', async () => {
    const { peer, connection } = await ready()
    const queries = new Collected(connection.stream('query'))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, queryEvent(2n ** 63n))
    const query = await queries.find('the query')
    const answer$ = query.respond('yes')
    await turns()
    expect(peer.commands).not.toContain('respond')
    new Collected(concat(answer$, answer$.pipe(ignoreElements())))
    peer.reply(await peer.seqOf('respond'))
    const sent = await peer.sent('respond', 2)
    expect(sent.map(({ body }) => body)).toEqual(
      Array(2).fill({ ID: 2n ** 63n, Payload: Buffer.from('yes') }),
    )
    queries.unsubscribe()
    connection.close()
  })

  it('cannot be answered once its connection is gone, however that ended', async () => {
    const { peer, connection } = await ready()
    const queries = new Collected(connection.stream('query'))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, queryEvent(1))
    const query = await queries.find('the query')
    connection.close()
    await expect(failureOf(query.respond('late'))).resolves.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/^respond: /),
    })
  })
})

describe('a filter that is no pattern', () => {
  it('is told to the one who gave it; the others hear that the connection was lost', async () => {
    const { peer, connection } = await ready()
    const stream = new Collected(connection.stream())
    peer.reply(await peer.seqOf('stream'))
    const bad = new Collected(connection.membersFiltered({ name: '(' }))
    const behind = new Collected(connection.members())
    const worse = new Collected(connection.membersFiltered({ name: '[' }))
    await peer.sent('members-filtered', 2)
    peer.end()
    await until('all have ended', () => [stream, bad, behind, worse].every(({ error }) => error))
    expect(bad.error).toMatchObject({
      name: 'RpcError',
      code: 'INVALID_FILTER',
      command: 'members-filtered',
      message: expect.stringContaining('peer:7373'),
    })
    for (const { error } of [stream, behind, worse]) expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('is not blamed where the agent was at something else, or the pattern can be none but good', async () => {
    for (const name of ['(', 'node-1']) {
      const { peer, connection } = await ready()
      const before = name === '(' ? new Collected(connection.stats()) : undefined
      const filtered = new Collected(connection.membersFiltered({ name }))
      await peer.sent('members-filtered')
      peer.end()
      await until('both have ended', () => filtered.error)
      expect(filtered.error).toMatchObject({ code: 'CONNECTION_LOST' })
      if (before) expect(before.error).toMatchObject({ code: 'CONNECTION_LOST' })
    }
  })
})

describe('many requests at once', () => {
  it('get their own replies, in any order and any pieces, among records of streams and queries', async () => {
    const { peer, connection } = await ready()
    const count = 5000
    const stream = new Collected(connection.stream('user'))
    const queries = Array.from({ length: 20 }, () => new Collected(connection.query('q')))
    const joins = Array.from({ length: count }, (_, index) => new Collected(connection.join(`${index}`)))
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

  it('hear of the end at once, all of them', async () => {
    const { peer, connection } = await ready()
    const all = Array.from({ length: 5000 }, () => new Collected(connection.members()))
    await peer.sent('members', 5000)
    peer.end()
    await turns(2)
    expect(all.filter(({ error }) => error === undefined)).toEqual([])
  })
})
