import { firstValueFrom, lastValueFrom, mergeMap, type Observable, take, toArray } from 'rxjs'
import { connect, Connection } from '../../lib'
import { observe } from '../support/observe/recording'
import {
  refusal,
  reply,
  type ScriptedSession,
  ScriptedServer,
  type SeenRequest,
} from '../support/peers/scripted-server'
import { startCluster } from '../support/agents/serf-cluster'
import { until } from '../support/time/until'

/** Greets, answers `stats` and `stop`, and leaves all else to the spec. */
async function scene() {
  const server = await ScriptedServer.start((session) =>
    session.afterGreeting(({ command, seq }) => {
      if (command === 'stats') session.send(reply(seq, { agent: { name: 'scripted' } }))
      if (command === 'stop') session.send(reply(seq))
    }),
  )
  const connection = await firstValueFrom(connect({ host: server.host, port: server.port, timeout: 0 }))
  const session = await server.session()
  return {
    connection,
    session,
    /** A reply makes sure that all before it has come and gone. */
    async settled() {
      expect(await firstValueFrom(connection.stats())).toMatchObject({ agent: { name: 'scripted' } })
    },
    async [Symbol.asyncDispose]() {
      connection.close()
      await server.stop()
    },
  }
}

const userEvent = (name: string) => ({ Coalesce: false, Event: 'user', LTime: 1, Name: name, Payload: null })
const response = (from: string) => ({ From: from, Payload: null, Type: 'response' })
const done = { From: '', Payload: null, Type: 'done' }
const stopsOf = (session: ScriptedSession, { seq }: SeenRequest) =>
  session.of('stop').filter(({ body }) => JSON.stringify(body) === JSON.stringify({ Stop: seq }))

describe('unsubscribing', () => {
  test('before the dial: what was given up is never sent, what stays is', async () => {
    await using server = await ScriptedServer.start((session) =>
      session.onRequest(({ seq, command }) =>
        session.send(command === 'stats' ? reply(seq, { agent: {} }) : reply(seq)),
      ),
    )
    const connection = new Connection({ host: server.host, port: server.port })
    const handshake = observe(connection.handshake())
    const given: Observable<unknown>[] = [
      connection.stream(),
      connection.query('q'),
      connection.members(),
      connection.monitor(),
    ]
    for (const source$ of given) {
      source$.subscribe().unsubscribe()
    }
    await handshake.ends()
    await firstValueFrom(connection.stats())
    expect((await server.session()).requests.map(({ command }) => command)).toEqual(['handshake', 'stats'])
    connection.close()
  })

  test('in the turn of the subscribing: never sent, and no stop either', async () => {
    await using all = await scene()
    const given: Observable<unknown>[] = [
      all.connection.stream(),
      all.connection.monitor(),
      all.connection.query('q'),
    ]
    for (const source$ of given) {
      source$.subscribe().unsubscribe()
    }
    await all.settled()
    expect(all.session.requests.map(({ command }) => command)).toEqual(['handshake', 'stats'])
  })

  test.each(['stream', 'monitor'] as const)(
    'a %s before its reply: one stop, strays swallowed',
    async (name) => {
      await using all = await scene()
      const recording = observe<unknown>(all.connection[name]())
      const request = await all.session.request(name)
      recording.unsubscribe()
      await all.session.request('stop')
      all.session.send(
        reply(request.seq),
        reply(request.seq, userEvent('late')),
        reply(request.seq, { Log: 'late' }),
      )
      await all.settled()
      await all.settled()
      expect(recording).toMatchObject({ values: [], ended: false })
      expect(all.session.of('stop')).toHaveLength(1)
      expect(stopsOf(all.session, request)).toHaveLength(1)
    },
  )

  test('a stream in mid-stream, from within `next`: nothing more, one stop, late records swallowed', async () => {
    await using all = await scene()
    const names: string[] = []
    const subscription = all.connection.stream('user').subscribe(({ name }) => {
      names.push(name)
      if (name === 'second') subscription.unsubscribe()
    })
    const request = await all.session.request('stream')
    const records = ['first', 'second', 'third', 'fourth'].map((name) => reply(request.seq, userEvent(name)))
    all.session.send(reply(request.seq), ...records)
    await all.session.request('stop')
    for (let round = 0; round < 3; round++) {
      all.session.send(...records)
      await all.settled()
    }
    subscription.unsubscribe()
    await all.settled()
    expect(names).toEqual(['first', 'second'])
    expect(stopsOf(all.session, request)).toHaveLength(1)
  })

  test('between the header and the body of a record', async () => {
    await using all = await scene()
    const recording = observe(all.connection.stream())
    const request = await all.session.request('stream')
    const frame = reply(request.seq, userEvent('cut'))
    for (const size of [5, 13, 30]) {
      all.session.send(...(size === 5 ? [reply(request.seq)] : []), frame.subarray(0, size))
      await until('the piece is read', () => all.session.socket.writableLength === 0)
      if (size === 5) recording.unsubscribe()
      all.session.send(frame.subarray(size))
      await all.settled()
    }
    expect(recording.values.length).toBeLessThanOrEqual(1)
    expect(stopsOf(all.session, request)).toHaveLength(1)
  })

  test('what ended by itself is not stopped: refused, completed, a reply that came', async () => {
    await using all = await scene()
    const refused = observe(all.connection.stream())
    const query = observe(all.connection.query('q'))
    const members = observe(all.connection.members())
    const stream = await all.session.request('stream')
    all.session.send(
      refusal(stream.seq, 'Invalid event filter'),
      reply((await all.session.request('query')).seq),
      reply((await all.session.request('query')).seq, done),
      reply((await all.session.request('members')).seq, { Members: [] }),
    )
    await all.settled()
    for (const recording of [refused, query, members]) {
      expect(recording.ended).toBe(true)
      recording.unsubscribe()
    }
    await all.settled()
    expect(all.session.of('stop')).toEqual([])
  })

  test('a query, before its reply and in the middle: never a stop, its records swallowed', async () => {
    await using all = await scene()
    const early = observe(all.connection.query('early'))
    const query = await all.session.request('query')
    early.unsubscribe()
    all.session.send(reply(query.seq), reply(query.seq, response('a')), reply(query.seq, done))
    const first = await (async () => {
      const answer = firstValueFrom(all.connection.query('middle'))
      const { seq } = await until('the second query', () => all.session.of('query')[1])
      all.session.send(
        reply(seq),
        reply(seq, response('a')),
        reply(seq, response('b')),
        reply(seq, response('c')),
      )
      all.session.send(reply(seq, done))
      return answer
    })()
    await all.settled()
    expect(first).toMatchObject({ from: 'a' })
    expect(early).toMatchObject({ values: [], ended: false })
    expect(all.session.of('stop')).toEqual([])
  })

  test('a reply with a long body, before and while it comes', async () => {
    await using all = await scene()
    const body = { Members: Array.from({ length: 50 }, (_, index) => ({ Name: `node-${index}` })) }
    for (const pieces of [0, 1, 2]) {
      const members = observe(all.connection.members())
      const { seq } = await until('the request', () => all.session.of('members')[pieces])
      const bytes = reply(seq, body)
      if (pieces > 0) {
        const frames = observe(all.connection.frames$)
        all.session.send(reply(0), bytes.subarray(0, pieces * 100))
        await frames.reaches(1)
        frames.unsubscribe()
      }
      members.unsubscribe()
      all.session.send(bytes.subarray(pieces * 100))
      await all.settled()
      expect(members).toMatchObject({ values: [], ended: false })
    }
    expect(all.session.of('stop')).toEqual([])
  })

  test('a raw request: stop for a stream, none for a query', async () => {
    await using all = await scene()
    const stream = observe(all.connection.request('stream', { Type: '*' }))
    const query = observe(all.connection.request('query', { Name: 'q' }))
    const request = await all.session.request('stream')
    await all.session.request('query')
    stream.unsubscribe()
    query.unsubscribe()
    await all.settled()
    expect(all.session.of('stop')).toHaveLength(1)
    expect(stopsOf(all.session, request)).toHaveLength(1)
  })

  test('after close(): no stop, and unsubscribing again does no harm', async () => {
    await using all = await scene()
    const stream = observe(all.connection.stream())
    const request = await all.session.request('stream')
    all.connection.close()
    stream.unsubscribe()
    await until('the server has seen the end', () => all.session.ended)
    expect(stopsOf(all.session, request)).toEqual([])
    expect(stream.error).toMatchObject({ code: 'CLOSED' })
  })

  test('close() from within `next` of a stream: nothing more of the same chunk', async () => {
    await using all = await scene()
    const names: string[] = []
    const errors: unknown[] = []
    all.connection.stream('user').subscribe({
      next: ({ name }) => {
        names.push(name)
        all.connection.close()
      },
      error: (error: unknown) => errors.push(error),
    })
    const members = observe(all.connection.members())
    const { seq } = await all.session.request('stream')
    all.session.send(
      reply(seq),
      reply(seq, userEvent('one')),
      reply(seq, userEvent('two')),
      reply((await all.session.request('members')).seq, { Members: [] }),
    )
    await members.ends()
    expect(names).toEqual(['one'])
    expect(errors).toMatchObject([{ code: 'CLOSED' }])
    expect(members).toMatchObject({ values: [], error: { code: 'CLOSED' } })
  })
})

test('take(1) on a query that the others still answer does no harm', async () => {
  const agents = await startCluster({ name: 'one' }, { name: 'two' }, { name: 'three' })
  const connections = await Promise.all(
    agents.map(({ host, port }) => firstValueFrom(connect({ host, port, authKey: '' }))),
  )
  const [first] = connections
  if (!first) throw new Error('no agent')
  for (const connection of connections) {
    observe(connection.stream('query:who').pipe(mergeMap((query) => query.respond('me'))))
    await firstValueFrom(connection.stats())
  }
  for (let round = 0; round < 3; round++) {
    const answers = await lastValueFrom(
      first.query('who', '', { timeout: 400, requestAck: true }).pipe(take(1), toArray()),
    )
    expect(answers).toHaveLength(1)
    expect(await firstValueFrom(first.members())).toHaveLength(3)
  }
  // The end of the last query comes while another one runs, which it must not end.
  const all = await lastValueFrom(first.query('who', '', { timeout: 1_000 }).pipe(toArray()))
  expect(new Set(all.map(({ from }) => from)).size).toBeGreaterThanOrEqual(1)
  expect(first.closed).toBe(false)
  for (const connection of connections) connection.close()
  await Promise.all(agents.map((agent) => agent.stop()))
})
