import { inspect } from 'node:util'
import { lastValueFrom, type Observable, toArray } from 'rxjs'
import { connect, Connection, ConnectionError, type Frame } from 'serfx'
import { Collected } from '../support/collected'
import { failureOf } from '../support/failure'
import { header, pack } from '../support/pack'
import { Peer } from '../support/peer'
import { ready } from '../support/ready'
import { turns } from '../support/turns'
import { until } from '../support/until'
import { valueOf } from '../support/values'

/** Every command, and what it is called on the wire. */
const commands: [string, (connection: Connection) => Observable<unknown>][] = [
  ['handshake', (connection) => connection.handshake()],
  ['auth', (connection) => connection.auth('key')],
  ['event', (connection) => connection.event('deploy')],
  ['force-leave', (connection) => connection.forceLeave('node')],
  ['join', (connection) => connection.join('10.0.0.1')],
  ['members', (connection) => connection.members()],
  ['members-filtered', (connection) => connection.membersFiltered({ name: 'a' })],
  ['tags', (connection) => connection.tags({ a: '1' })],
  ['leave', (connection) => connection.leave()],
  ['install-key', (connection) => connection.installKey('key')],
  ['use-key', (connection) => connection.useKey('key')],
  ['remove-key', (connection) => connection.removeKey('key')],
  ['list-keys', (connection) => connection.listKeys()],
  ['stats', (connection) => connection.stats()],
  ['get-coordinate', (connection) => connection.getCoordinate('node')],
  ['stream', (connection) => connection.stream('user')],
  ['monitor', (connection) => connection.monitor('info')],
  ['query', (connection) => connection.query('uptime')],
  ['respond', (connection) => connection.respond(1)],
  ['no-such', (connection) => connection.request('no-such')],
]

describe('a connection', () => {
  it('tells where it leads', () => {
    const connection = new Connection({ host: '::1', port: 7000, authKey: '' })
    expect(connection).toMatchObject({ host: '::1', port: 7000, closed: false })
    connection.close()
  })

  it.each(commands)(
    'sends nothing for %s before it is subscribed, and a request each time it is',
    async (name, call) => {
      const peer = new Peer()
      using connection = new Connection(peer.options())
      const reply$ = call(connection)
      await turns()
      expect(peer.dials).toBe(0)
      using first = new Collected(reply$)
      using second = new Collected(reply$)
      const sent = await peer.sent(name, 2)
      expect(new Set(sent.map(({ seq }) => seq)).size).toBe(2)
      expect(peer.dials).toBe(1)
      expect([first.error, second.error]).toEqual([undefined, undefined])
    },
  )

  it.each(commands)('errors %s, and dials nothing, once it is closed', async (name, call) => {
    const peer = new Peer()
    const connection = new Connection(peer.options())
    const reply$ = call(connection)
    connection.close()
    const error = await failureOf(reply$)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: 'CLOSED',
      address: 'peer:7373',
      message: expect.stringMatching(new RegExp(`^${name}: .*peer:7373`)),
    })
    expect(peer.dials).toBe(0)
  })

  it.each(commands)('errors %s when the socket ends, at once', async (name, call) => {
    const { peer, connection } = await ready()
    peer.answer = () => undefined
    const pending = new Collected(call(connection))
    await peer.sent(name)
    peer.end()
    await turns(2)
    expect(pending.error).toBeInstanceOf(ConnectionError)
    expect(pending.error).toMatchObject({
      code: 'CONNECTION_LOST',
      address: 'peer:7373',
      message: expect.stringMatching(new RegExp(`^${name}: .*peer:7373`)),
    })
  })

  it('has all its methods bound', async () => {
    const peer = Peer.greeting()
    const { handshake, members, close, request, event } = new Connection(peer.options())
    await valueOf(handshake())
    const [pending, raw, fired] = [
      new Collected(members()),
      new Collected(request('stats')),
      new Collected(event('a')),
    ]
    await peer.sent('event')
    expect(peer.commands).toEqual(['handshake', 'members', 'stats', 'event'])
    close()
    for (const one of [pending, raw, fired]) expect(one.error).toMatchObject({ code: 'CLOSED' })
  })

  it('has no method that is not bound', () => {
    const connection = new Connection({ authKey: '' })
    const onPrototype = [Connection.prototype, Object.getPrototypeOf(Connection.prototype) as object]
      .flatMap((prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
      .map(([name]) => name)
    expect(onPrototype).toEqual(['run', 'runApart'])
    connection.close()
  })

  it('shows no key', async () => {
    const peer = new Peer()
    peer.answer = ({ seq }) => header(seq)
    const connection = new Connection(peer.options({ authKey: 'the-secret' }))
    await valueOf(connection.handshake())
    await valueOf(connection.auth())
    expect(peer.requests[1]?.body).toEqual({ AuthKey: 'the-secret' })
    expect(inspect(connection)).toBe('Connection { peer:7373, open }')
    for (const options of [
      {},
      { depth: Infinity, showHidden: true },
      { customInspect: false, depth: Infinity, showHidden: true },
    ]) {
      expect(inspect(connection, options)).not.toContain('the-secret')
      expect(inspect({ deep: { connection } }, options)).not.toContain('the-secret')
    }
    expect(JSON.stringify(connection)).not.toContain('the-secret')
    connection.close()
    expect(inspect(connection)).toBe('Connection { peer:7373, closed }')
    expect(inspect(await failureOf(connection.auth('another-secret')))).not.toMatch(/secret/)
  })

  it('has no key in the errors of its commands', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ command, seq }) =>
      command === 'auth' ? header(seq, 'Invalid authentication token') : undefined
    const refused = new Collected(connection.auth('the-secret'))
    const report = new Collected(connection.installKey('the-secret'))
    peer.reply(
      await peer.seqOf('install-key'),
      { Keys: { 'the-secret': 1 }, Messages: {}, NumErr: 1, NumNodes: 1, NumResp: 1 },
      '1/1 nodes reported failure',
    )
    await until('both have ended', () => refused.error && report.error)
    expect(inspect(refused.error, { depth: Infinity })).not.toContain('the-secret')
    expect(inspect(report.error, { depth: Infinity })).not.toContain('the-secret')
    expect(report.error).toHaveProperty('body', expect.objectContaining({ keys: { 'the-secret': 1 } }))
    connection.close()
  })
})

describe('closing', () => {
  it('may be done again, and without there ever having been a socket', () => {
    const connection = new Connection({ authKey: '' })
    expect(connection.closed).toBe(false)
    connection.close()
    connection.close()
    expect(connection.closed).toBe(true)
  })

  it('is what leaving a block does', async () => {
    const peer = Peer.greeting()
    let outside: Connection
    {
      using connection = new Connection(peer.options())
      await valueOf(connection.handshake())
      outside = connection
      expect(outside.closed).toBe(false)
    }
    expect(outside.closed).toBe(true)
    expect(peer.socket.destroyed).toBe(true)
  })

  it('errors all that waits, at once, with the command and the address', async () => {
    const { peer, connection } = await ready()
    const pending = [
      connection.stream(),
      connection.query('q'),
      connection.members(),
      connection.request('stats'),
    ].map((one$) => new Collected<unknown>(one$))
    await peer.sent('stats')
    const unsent = new Collected(connection.tags({}))
    connection.close()
    for (const { error } of [...pending, unsent])
      expect(error).toMatchObject({ code: 'CLOSED', address: 'peer:7373' })
    expect(unsent.error).toHaveProperty('message', expect.stringMatching(/^tags: .*close\(\)/))
    await turns()
    expect(peer.commands).not.toContain('tags')
    expect(peer.commands).not.toContain('stop')
  })

  it('lets nothing through any more, not even of the chunk that is being read', async () => {
    const { peer, connection } = await ready()
    const names: string[] = []
    connection.stream('user').subscribe({
      next: ({ name }) => {
        names.push(name)
        connection.close()
      },
      error: () => names.push('error'),
    })
    const seq = await peer.seqOf('stream')
    const event = (name: string) =>
      Buffer.concat([
        header(seq),
        pack({ Coalesce: false, Event: 'user', LTime: 1, Name: name, Payload: null }),
      ])
    peer.send(Buffer.concat([header(seq), event('first'), event('second')]))
    await turns()
    expect(names).toEqual(['first', 'error'])
  })

  it('is safe within an error callback, and so is asking again there', async () => {
    const { peer, connection } = await ready()
    const again: Collected<unknown>[] = []
    connection.members().subscribe({
      error: () => {
        connection.close()
        again.push(new Collected(connection.stats()))
      },
    })
    const other = new Collected(connection.stats())
    await peer.sent('stats')
    peer.fail(new Error('wires crossed'))
    await turns()
    expect(again.map(({ error }) => error)).toEqual([expect.objectContaining({ code: 'CONNECTION_LOST' })])
    expect(other.error).toMatchObject({ code: 'CONNECTION_LOST' })
  })
})

describe('closed$', () => {
  it('tells of close() with undefined, once, to early and late ones', async () => {
    const { connection } = await ready()
    const early = new Collected(connection.closed$)
    expect(early.values).toEqual([])
    connection.close()
    const late = new Collected(connection.closed$)
    for (const { values, completed } of [early, late])
      expect({ values, completed }).toEqual({ values: [undefined], completed: true })
  })

  it('tells why the connection was lost, after all that waited has heard of it', async () => {
    const { peer, connection } = await ready()
    const order: string[] = []
    connection.closed$.subscribe((error) => order.push(`closed ${error?.code}`))
    connection.members().subscribe({ error: (error: unknown) => order.push(`members ${String(error)}`) })
    await peer.sent('members')
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    peer.fail(cause)
    await until('it has ended', () => connection.closed)
    expect(order).toEqual([
      expect.stringMatching(/^members ConnectionError: members: .* lost/),
      'closed CONNECTION_LOST',
    ])
    const error = await valueOf(connection.closed$)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      cause,
      address: 'peer:7373',
      message: expect.stringContaining('ECONNRESET'),
    })
    connection.close()
    expect(await valueOf(connection.closed$)).toBe(error)
  })

  it('says where the bytes ended', async () => {
    const { peer, connection } = await ready()
    const pending = new Collected(connection.members())
    peer.send(header(await peer.seqOf('members')).subarray(0, 5))
    peer.end()
    await until('it has ended', () => pending.error)
    expect(pending.error).toHaveProperty('message', expect.stringContaining('in the middle of a message'))
  })

  it('does not dial', () => {
    const peer = new Peer()
    const connection = new Connection(peer.options())
    connection.closed$.subscribe()
    connection.frames$.subscribe()
    expect(peer.dials).toBe(0)
    connection.close()
  })
})

describe('a socket that ends', () => {
  it('is not dialled again', async () => {
    const { peer, connection } = await ready()
    peer.end()
    await until('it has ended', () => connection.closed)
    await expect(failureOf(connection.members())).resolves.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(peer.dials).toBe(1)
    expect(peer.socket.destroyed).toBe(true)
  })

  it('may err twice, and after it was closed', async () => {
    const { peer, connection } = await ready()
    const pending = new Collected(connection.members())
    await peer.sent('members')
    peer.socket.emit('error', new Error('first'))
    peer.socket.emit('error', new Error('second'))
    peer.socket.emit('close')
    expect(pending.error).toMatchObject({ code: 'CONNECTION_LOST', cause: new Error('first') })
    const { peer: other, connection: closed } = await ready()
    closed.close()
    other.socket.emit('error', new Error('late'))
    expect(await valueOf(closed.closed$)).toBeUndefined()
  })

  it('may have ended before it is given', async () => {
    const peer = Peer.greeting()
    const options = peer.options()
    await valueOf(connect(options, (connection) => [connection.host]))
    const used = new Connection({ ...options, socket: () => peer.socket })
    await expect(failureOf(used.members())).resolves.toBeInstanceOf(ConnectionError)
    expect(used.closed).toBe(true)
  })

  it('may end in the middle of being opened', async () => {
    const peer = new Peer()
    peer.answer = () => {
      peer.socket.destroy(new Error('not you'))
      return undefined
    }
    await expect(failureOf(new Connection(peer.options()).handshake())).resolves.toMatchObject({
      cause: new Error('not you'),
    })
  })
})

describe('a socket that answers within the write', () => {
  it('serves one request after another', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ seq }) => header(seq)
    let left = 2000
    const ended = await new Promise<string>((resolve) => {
      const next = () =>
        connection.tags({}).subscribe({
          complete: () => (--left > 0 ? next() : resolve('all answered')),
          error: (error: unknown) => resolve(String(error)),
        })
      next()
    })
    expect(ended).toBe('all answered')
    connection.close()
  })

  it('may answer while a chunk is being read', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ command, seq }) =>
      command === 'stream' || command === 'respond' ? header(seq) : undefined
    const order: string[] = []
    const answers: Collected<void>[] = []
    connection.stream('query').subscribe({
      next: (query) => {
        order.push(`query ${query.id}`)
        // So many that they leave at once, within this callback.
        for (let count = 0; count < 30; count++) {
          answers.push(new Collected(query.respond()))
        }
      },
      error: () => undefined,
    })
    const seq = await peer.seqOf('stream')
    const query = (id: number) =>
      Buffer.concat([header(seq), pack({ Event: 'query', ID: id, LTime: 1, Name: 'q', Payload: null })])
    peer.send(Buffer.concat([query(1), query(2)]), query(3))
    await until(
      'all are answered',
      () => answers.length === 90 && answers.every(({ completed }) => completed),
    )
    expect(order).toEqual(['query 1', 'query 2', 'query 3'])
    connection.close()
  })
})

describe('frames$', () => {
  it('shows every frame in Serf words, hot, and completes with the connection', async () => {
    const { peer, connection } = await ready()
    const frames = lastValueFrom(connection.frames$.pipe(toArray()))
    const again: Frame[] = []
    connection.frames$.subscribe((frame) => again.push(frame))
    const joined = new Collected(connection.join('a'))
    peer.reply(await peer.seqOf('join'), { Num: 0 }, 'no')
    await until('it has failed', () => joined.error)
    connection.members().subscribe()
    peer.reply(await peer.seqOf('members'), { Members: [{ Name: 'a', Addr: Buffer.from([1, 2, 3, 4]) }] })
    await turns()
    connection.close()
    await expect(frames).resolves.toEqual([
      { header: { seq: 2, error: 'no' }, body: { Num: 0 } },
      { header: { seq: 3, error: '' }, body: { Members: [{ Name: 'a', Addr: Buffer.from([1, 2, 3, 4]) }] } },
    ])
    expect(again).toEqual(await frames)
  })

  it('may be left and taken up at any time', async () => {
    const { peer, connection } = await ready()
    const frames: Frame[] = []
    for (let count = 0; count < 3; count++) {
      const looking = connection.frames$.subscribe((frame) => frames.push(frame))
      connection.stats().subscribe()
      const [, , sent] = [0, 0, (await peer.sent('stats', 2 * count + 1)).at(-1)]
      peer.reply(sent?.seq ?? -1, {})
      await turns()
      looking.unsubscribe()
      connection.stats().subscribe()
      peer.reply((await peer.sent('stats', 2 * count + 2)).at(-1)?.seq ?? -1, {})
      await turns()
    }
    expect(frames.map(({ header: { seq } }) => seq)).toEqual([2, 4, 6])
    connection.close()
  })
})

describe('request', () => {
  it('sends any command with any body, and emits what comes', async () => {
    const { peer, connection } = await ready()
    const coordinate = new Collected(connection.request('get-coordinate', { Node: 'a' }))
    const [sent] = await peer.sent('get-coordinate')
    expect(sent?.body).toEqual({ Node: 'a' })
    peer.reply(sent?.seq ?? -1, { Coord: { Vec: null }, Ok: false })
    await until('it has ended', () => coordinate.completed)
    expect(coordinate.values).toEqual([
      { header: { seq: sent?.seq, error: '' }, body: { Coord: { Vec: null }, Ok: false } },
    ])
    connection.close()
  })

  it('stops a stream when it is unsubscribed', async () => {
    const { peer, connection } = await ready()
    const raw = new Collected(connection.request('stream', { Type: 'user' }))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, { Event: 'user', Anything: [1, 'two', null] })
    await raw.find('the record', ({ body }) => body !== undefined)
    expect(raw.values).toEqual([
      { header: { seq, error: '' } },
      { header: { seq, error: '' }, body: { Event: 'user', Anything: [1, 'two', null] } },
    ])
    raw.unsubscribe()
    expect((await peer.sent('stop')).map(({ body }) => body)).toEqual([{ Stop: seq }])
    connection.close()
  })

  it('refuses at the call what would break the connection', () => {
    const connection = new Connection({ authKey: '' })
    expect(() => connection.request('members', {})).toThrow(TypeError)
    expect(() => connection.request('query', { Timeout: 1.5 })).toThrow(RangeError)
    expect(() => connection.request('event', { Name: 'a', Payload: new Date() })).toThrow(TypeError)
    connection.close()
  })
})
