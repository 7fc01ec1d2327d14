import { firstValueFrom, lastValueFrom, mergeMap, type Observable, take, toArray } from 'rxjs'
import { connect, Connection } from '../../lib'
import { observe } from '../support/observe/recording'
import { frame, header } from '../support/wire/pack'
import { TcpPeer } from '../support/peers/tcp-peer'
import type { SentRequest } from '../support/wire/request-parser'
import { startCluster } from '../support/agents/serf-cluster'
import { until } from '../support/time/until'

/** Greets, answers `stats` and `stop`, and leaves all else to the spec. */
async function scene() {
  const peer = await TcpPeer.greeting(({ command, seq }) => {
    if (command === 'stats') return frame(seq, { agent: { name: 'scripted' } })
    return command === 'stop' ? header(seq) : undefined
  })
  const connection = await firstValueFrom(connect({ host: peer.host, port: peer.port, timeout: 0 }))
  return {
    connection,
    peer,
    /** A reply makes sure that all before it has come and gone. */
    async settled() {
      expect(await firstValueFrom(connection.stats())).toMatchObject({ agent: { name: 'scripted' } })
    },
    async [Symbol.asyncDispose]() {
      connection.close()
      await peer.stop()
    },
  }
}

const userEvent = (name: string) => ({ Coalesce: false, Event: 'user', LTime: 1, Name: name, Payload: null })
const response = (from: string) => ({ From: from, Payload: null, Type: 'response' })
const done = { From: '', Payload: null, Type: 'done' }
const stopsOf = (peer: TcpPeer, { seq }: SentRequest) =>
  peer.asked('stop').filter(({ body }) => JSON.stringify(body) === JSON.stringify({ Stop: seq }))

describe('unsubscribing', () => {
  test('before the dial: what was given up is never sent, what stays is', async () => {
    await using server = await TcpPeer.start(({ seq, command }) =>
      command === 'stats' ? frame(seq, { agent: {} }) : header(seq),
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
    expect(server.commands).toEqual(['handshake', 'stats'])
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
    expect(all.peer.commands).toEqual(['handshake', 'stats'])
  })

  test.each(['stream', 'monitor'] as const)(
    'a %s before its reply: one stop, strays swallowed',
    async (name) => {
      await using all = await scene()
      const recording = observe<unknown>(all.connection[name]())
      const request = await all.peer.request(name)
      recording.unsubscribe()
      await all.peer.request('stop')
      all.peer.send(
        header(request.seq),
        frame(request.seq, userEvent('late')),
        frame(request.seq, { Log: 'late' }),
      )
      await all.settled()
      await all.settled()
      expect(recording).toMatchObject({ values: [], ended: false })
      expect(all.peer.asked('stop')).toHaveLength(1)
      expect(stopsOf(all.peer, request)).toHaveLength(1)
    },
  )

  test('a stream in mid-stream, from within `next`: nothing more, one stop, late records swallowed', async () => {
    await using all = await scene()
    const names: string[] = []
    const subscription = all.connection.stream('user').subscribe(({ name }) => {
      names.push(name)
      if (name === 'second') subscription.unsubscribe()
    })
    const request = await all.peer.request('stream')
    const records = ['first', 'second', 'third', 'fourth'].map((name) => frame(request.seq, userEvent(name)))
    all.peer.send(header(request.seq), ...records)
    await all.peer.request('stop')
    for (let round = 0; round < 3; round++) {
      all.peer.send(...records)
      await all.settled()
    }
    subscription.unsubscribe()
    await all.settled()
    expect(names).toEqual(['first', 'second'])
    expect(stopsOf(all.peer, request)).toHaveLength(1)
  })

  test('between the header and the body of a record', async () => {
    await using all = await scene()
    const recording = observe(all.connection.stream())
    const request = await all.peer.request('stream')
    const record = frame(request.seq, userEvent('cut'))
    for (const size of [5, 13, 30]) {
      all.peer.send(...(size === 5 ? [header(request.seq)] : []), record.subarray(0, size))
      await until('the piece is read', () => all.peer.socket.writableLength === 0)
      if (size === 5) recording.unsubscribe()
      all.peer.send(record.subarray(size))
      await all.settled()
    }
    expect(recording.values.length).toBeLessThanOrEqual(1)
    expect(stopsOf(all.peer, request)).toHaveLength(1)
  })

  test('what ended by itself is not stopped: refused, completed, a reply that came', async () => {
    await using all = await scene()
    const refused = observe(all.connection.stream())
    const query = observe(all.connection.query('q'))
    const members = observe(all.connection.members())
    const stream = await all.peer.request('stream')
    all.peer.send(
      header(stream.seq, 'Invalid event filter'),
      header((await all.peer.request('query')).seq),
      frame((await all.peer.request('query')).seq, done),
      frame((await all.peer.request('members')).seq, { Members: [] }),
    )
    await all.settled()
    for (const recording of [refused, query, members]) {
      expect(recording.ended).toBe(true)
      recording.unsubscribe()
    }
    await all.settled()
    expect(all.peer.asked('stop')).toEqual([])
  })

  test('a query, before its reply and in the middle: never a stop, its records swallowed', async () => {
    await using all = await scene()
    const early = observe(all.connection.query('early'))
    const query = await all.peer.request('query')
    early.unsubscribe()
    all.peer.send(header(query.seq), frame(query.seq, response('a')), frame(query.seq, done))
    const first = await (async () => {
      const answer = firstValueFrom(all.connection.query('middle'))
      const { seq } = await until('the second query', () => all.peer.asked('query')[1])
      all.peer.send(
        header(seq),
        frame(seq, response('a')),
        frame(seq, response('b')),
        frame(seq, response('c')),
      )
      all.peer.send(frame(seq, done))
      return answer
    })()
    await all.settled()
    expect(first).toMatchObject({ from: 'a' })
    expect(early).toMatchObject({ values: [], ended: false })
    expect(all.peer.asked('stop')).toEqual([])
  })

  test('a reply with a long body, before and while it comes', async () => {
    await using all = await scene()
    const body = { Members: Array.from({ length: 50 }, (_, index) => ({ Name: `node-${index}` })) }
    for (const pieces of [0, 1, 2]) {
      const members = observe(all.connection.members())
      const { seq } = await until('the request', () => all.peer.asked('members')[pieces])
      const bytes = frame(seq, body)
      if (pieces > 0) {
        const frames = observe(all.connection.frames$)
        all.peer.send(header(0), bytes.subarray(0, pieces * 100))
        await frames.reaches(1)
        frames.unsubscribe()
      }
      members.unsubscribe()
      all.peer.send(bytes.subarray(pieces * 100))
      await all.settled()
      expect(members).toMatchObject({ values: [], ended: false })
    }
    expect(all.peer.asked('stop')).toEqual([])
  })

  test('a raw request: stop for a stream, none for a query', async () => {
    await using all = await scene()
    const stream = observe(all.connection.request('stream', { Type: '*' }))
    const query = observe(all.connection.request('query', { Name: 'q' }))
    const request = await all.peer.request('stream')
    await all.peer.request('query')
    stream.unsubscribe()
    query.unsubscribe()
    await all.settled()
    expect(all.peer.asked('stop')).toHaveLength(1)
    expect(stopsOf(all.peer, request)).toHaveLength(1)
  })

  test('after close(): no stop, and unsubscribing again does no harm', async () => {
    await using all = await scene()
    const stream = observe(all.connection.stream())
    const request = await all.peer.request('stream')
    all.connection.close()
    expect(stream).toMatchObject({ completed: true, error: undefined })
    stream.unsubscribe()
    await until('the server has seen the end', () => all.peer.connection.closed)
    expect(stopsOf(all.peer, request)).toEqual([])
  })

  test('close() from within `next` of a stream: nothing more of the same chunk', async () => {
    await using all = await scene()
    const names: string[] = []
    const ends: unknown[] = []
    all.connection.stream('user').subscribe({
      next: ({ name }) => {
        names.push(name)
        all.connection.close()
      },
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('completed'),
    })
    const members = observe(all.connection.members())
    const { seq } = await all.peer.request('stream')
    all.peer.send(
      header(seq),
      frame(seq, userEvent('one')),
      frame(seq, userEvent('two')),
      frame((await all.peer.request('members')).seq, { Members: [] }),
    )
    await members.ends()
    expect(names).toEqual(['one'])
    expect(ends).toEqual(['completed'])
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
      first.query('who', '', { timeout: 20_000, requestAck: true }).pipe(take(1), toArray()),
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
