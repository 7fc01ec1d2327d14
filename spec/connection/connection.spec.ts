import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as dial, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify, inspect } from 'node:util'
import { firstValueFrom, lastValueFrom, type Observable, toArray } from 'rxjs'
import { connect, Connection } from '../../lib'
import { failureOf, record } from '../support/recording'
import { refusal, reply, ScriptedServer, ScriptedSession, type SeenRequest } from '../support/scripted-server'
import { SynchronousDuplex } from '../support/synchronous-duplex'
import { until } from '../support/until'

/** Answers as an agent with one member does. */
function answer(session: ScriptedSession): void {
  session.onRequest(({ command, seq }: SeenRequest) => {
    const replies: Record<string, Buffer> = {
      members: reply(seq, { Members: [{ Name: 'a', Status: 'alive' }] }),
      stats: reply(seq, { agent: { name: 'a' } }),
      'get-coordinate': reply(seq, { Ok: false }),
      frobnicate: refusal(seq, 'Unsupported command'),
    }
    session.send(replies[command] ?? reply(seq))
  })
}

describe('a connection', () => {
  let server: ScriptedServer
  beforeEach(async () => {
    server = await ScriptedServer.start(answer)
  })
  afterEach(async () => {
    await server.stop()
  })
  const at = () => ({ host: server.host, port: server.port, authKey: '' })
  const opened = () => firstValueFrom(connect(at()))

  test('dials nothing before something is subscribed', async () => {
    const connection = new Connection(at())
    connection.handshake()
    connection.members()
    connect(at())
    connect(at(), (given) => given.members())
    expect(connection).toMatchObject({ host: server.host, port: server.port, closed: false })
    // A second connection, which does dial, shows that the first had its chance.
    await lastValueFrom(connect(at(), (given) => given.members()))
    expect(server.sessions).toHaveLength(1)
  })

  test('dials once, for all', async () => {
    const connection = new Connection(at())
    await Promise.all(
      [connection.handshake(), connection.members(), connection.stats()].map((each) =>
        lastValueFrom<unknown>(each),
      ),
    )
    expect(server.sessions).toHaveLength(1)
    connection.close()
  })

  test('two subscriptions of one Observable are two requests', async () => {
    const connection = await opened()
    const members$ = connection.members()
    const stream$ = connection.stream()
    const streams = [record(stream$), record(stream$)]
    await Promise.all([firstValueFrom(members$), firstValueFrom(members$)])
    const session = await server.session()
    expect(session.of('members')).toHaveLength(2)
    expect(new Set(session.of('stream').map(({ seq }) => seq)).size).toBe(2)
    for (const stream of streams) stream.unsubscribe()
    connection.close()
  })

  test('closed$ is undefined after close(), once, replayed; nothing is dialled again', async () => {
    const connection = await opened()
    const early = record(connection.closed$)
    expect(early.ended).toBe(0)
    connection.close()
    connection.close()
    connection[Symbol.dispose]()
    for (const told of [early, record(connection.closed$)]) {
      expect(told).toMatchObject({ values: [undefined], completed: 1 })
      expect(told.values).toHaveLength(1)
    }
    expect(connection.closed).toBe(true)
    const error = await failureOf(connection.members())
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CLOSED', address: server.address })
    expect(error.message).toContain(`members: the connection to ${server.address} was closed by close()`)
    expect(server.sessions).toHaveLength(1)
    const session = await server.session()
    await until('the server sees the end', () => session.ended)
  })

  test('closed$ is the error after a loss, and stays so after close()', async () => {
    const connection = await opened()
    const early = record(connection.closed$)
    ;(await server.session()).socket.end()
    await early.ends()
    connection.close()
    const late = record(connection.closed$)
    expect(early.values).toMatchObject([{ code: 'CONNECTION_LOST' }])
    expect(late.values[0]).toBe(early.values[0])
    expect(await failureOf(connection.members())).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(server.sessions).toHaveLength(1)
  })

  test('close() from within `next` of a reply: that request is answered, and completes', async () => {
    const asks: ((connection: Connection) => Observable<unknown>)[] = [
      (connection) => connection.stats(),
      (connection) => connection.event('e'),
      (connection) => connection.request('members'),
    ]
    for (const ask of asks) {
      const connection = await opened()
      const told: unknown[] = []
      ask(connection).subscribe({
        next: () => {
          told.push('next')
          connection.close()
        },
        error: (error: unknown) => told.push(error),
        complete: () => told.push('complete'),
      })
      const other = record(connection.members())
      await other.ends()
      expect(told).toEqual(['next', 'complete'])
      expect(other.errors).toMatchObject([{ code: 'CLOSED' }])
    }
  })

  test('closed before it was ever dialled', async () => {
    const connection = new Connection(at())
    connection.close()
    expect(record(connection.closed$).values).toEqual([undefined])
    expect(await failureOf(connection.handshake())).toMatchObject({ code: 'CLOSED' })
    expect(server.sessions).toHaveLength(0)
  })

  test('`using` closes it', async () => {
    let seen: Connection | undefined
    {
      using connection = await opened()
      seen = connection
      await firstValueFrom(connection.members())
    }
    expect(seen.closed).toBe(true)
  })

  test('all methods are bound', async () => {
    const { members, stats, handshake, event, query, close, auth, respond, request } = new Connection(at())
    await firstValueFrom(handshake())
    await firstValueFrom(auth('k'))
    expect(await firstValueFrom(members())).toHaveLength(1)
    expect(await firstValueFrom(stats())).toMatchObject({ agent: { name: 'a' } })
    await firstValueFrom(event('e'))
    await firstValueFrom(respond(1))
    await firstValueFrom(request('tags', {}))
    record(query('q'))
    close()
    expect(await failureOf(members())).toMatchObject({ code: 'CLOSED' })
  })

  test('inspect shows where it leads, and no key', () => {
    const connection = new Connection({ ...at(), authKey: 'sesame' })
    expect(inspect(connection)).toBe(`Connection { ${server.address}, open }`)
    for (const shown of [
      inspect(connection, { showHidden: true, depth: 20, customInspect: false, getters: true }),
      JSON.stringify(connection),
      inspect({ nested: [connection] }),
    ]) {
      expect(shown).not.toContain('sesame')
    }
    connection.close()
    expect(inspect(connection)).toContain('closed')
  })

  describe('frames$ and raw requests', () => {
    test('frames$ shows every frame, of strays too, in the names of Serf, and ends with the connection', async () => {
      const connection = new Connection(at())
      const frames = record(connection.frames$)
      await firstValueFrom(connection.handshake())
      await firstValueFrom(connection.members())
      const session = await server.session()
      session.send(reply(77, { Any: [1] }))
      await failureOf(connection.request('frobnicate', {}))
      expect(frames.values).toEqual([
        { header: { seq: 1, error: '' } },
        { header: { seq: 2, error: '' }, body: { Members: [{ Name: 'a', Status: 'alive' }] } },
        { header: { seq: 77, error: '' } },
        { header: { seq: 77, error: '' }, body: { Any: [1] } },
        { header: { seq: 3, error: 'Unsupported command' } },
      ])
      connection.close()
      expect(frames.completed).toBe(1)
    })

    test('a known command ends as it does', async () => {
      const connection = await opened()
      const frames = await lastValueFrom(connection.request('members').pipe(toArray()))
      expect(frames).toEqual([
        {
          header: { seq: expect.any(Number), error: '' },
          body: { Members: [{ Name: 'a', Status: 'alive' }] },
        },
      ])
      expect(await lastValueFrom(connection.request('tags', { Tags: {} }).pipe(toArray()))).toHaveLength(1)
      connection.close()
    })

    test('a command that takes a body gets an empty one, so that it eats no other request', async () => {
      const connection = await opened()
      record(connection.request('event'))
      expect(await firstValueFrom(connection.members())).toHaveLength(1)
      expect((await server.session()).of('event')).toMatchObject([{ body: {} }])
      connection.close()
    })

    test('a query ends at `done`, a stream does not', async () => {
      const connection = await opened()
      const session = await server.session()
      const query = record(connection.request('query', { Name: 'q', Timeout: 10n ** 12n }))
      const stream = record(connection.request('stream', { Type: '*' }))
      const { seq } = await session.request('query')
      const other = await session.request('stream')
      for (const Type of ['ack', 'response', 'done'])
        session.send(reply(seq, { Type, From: 'a', Payload: null }))
      session.send(reply(other.seq, { Event: 'user', Payload: Buffer.from([0xff]) }))
      await query.ends()
      await stream.reaches(2)
      expect(query.values.map(({ body }) => body)).toEqual([
        undefined,
        { Type: 'ack', From: 'a', Payload: null },
        { Type: 'response', From: 'a', Payload: null },
        { Type: 'done', From: 'a', Payload: null },
      ])
      expect(stream.values[1]?.body).toEqual({ Event: 'user', Payload: Buffer.from([0xff]) })
      expect(stream.ended).toBe(0)
      connection.close()
    })
  })

  describe('connect', () => {
    test('with `use`: closed when what it gives has ended, and only then', async () => {
      const states: boolean[] = []
      let used: Connection | undefined
      const members = await lastValueFrom(
        connect(at(), (connection) => {
          used = connection
          states.push(connection.closed)
          return connection.members()
        }),
      )
      expect(members).toHaveLength(1)
      expect(states).toEqual([false])
      expect(used?.closed).toBe(true)
      expect((await server.session()).requests.map(({ command }) => command)).toEqual([
        'handshake',
        'members',
      ])
    })

    test('with a key: handshake, auth, and then the rest', async () => {
      await lastValueFrom(connect({ ...at(), authKey: 'sesame' }, (connection) => connection.members()))
      expect((await server.session()).requests).toMatchObject([
        { command: 'handshake', body: { Version: 1 } },
        { command: 'auth', body: { AuthKey: 'sesame' } },
        { command: 'members' },
      ])
    })

    test('`use` that throws, rejects, or errors: the error, and the socket is closed', async () => {
      const broken = new Error('of the user')
      const uses: ((connection: Connection) => Promise<never>)[] = [
        () => {
          throw broken
        },
        () => Promise.reject(broken),
      ]
      for (const use of uses) {
        await expect(lastValueFrom(connect(at(), use))).rejects.toBe(broken)
        const session = server.sessions.at(-1)
        await until('the socket is closed', () => session?.ended)
      }
    })

    test('`use` may give a promise or a list', async () => {
      expect(await lastValueFrom(connect(at(), () => Promise.resolve(5)))).toBe(5)
      expect(await lastValueFrom(connect(at(), () => [1, 2]).pipe(toArray()))).toEqual([1, 2])
    })

    test('unsubscribed before the handshake is answered: the socket is closed, `use` never called', async () => {
      await using silent = await ScriptedServer.start()
      let used = 0
      for (const source$ of [
        connect({ host: silent.host, port: silent.port, authKey: '' }),
        connect({ host: silent.host, port: silent.port, authKey: '' }, () => [used++]),
      ]) {
        const seen = silent.sessions.length
        const recording = record<unknown>(source$)
        const session = await until('it dials', () => silent.sessions[seen])
        await session.request('handshake')
        recording.unsubscribe()
        await until('the socket is closed', () => session.ended)
        expect(recording).toMatchObject({ values: [], ended: 0 })
      }
      expect(used).toBe(0)
    })

    test('unsubscribed at once', async () => {
      record(connect(at())).unsubscribe()
      record(connect(at(), (connection) => connection.members())).unsubscribe()
      await lastValueFrom(connect(at(), (connection) => connection.members()))
      const last = server.sessions.at(-1)
      expect(last?.of('members')).toHaveLength(1)
      await until('no socket is left open', () => server.sessions.every(({ ended }) => ended))
    })

    test('unsubscribed while `use` runs: the socket is closed', async () => {
      const recording = record(connect(at(), (connection) => connection.stream()))
      const session = await server.session()
      await session.request('stream')
      recording.unsubscribe()
      await until('the socket is closed', () => session.ended)
      expect(recording.ended).toBe(0)
    })

    test('without `use`: emits it once, completes, and leaves it open, also when unsubscribed then', async () => {
      const recording = record(connect(at()))
      await recording.ends()
      recording.unsubscribe()
      expect(recording).toMatchObject({ completed: 1, values: [{ closed: false }] })
      const [connection] = recording.values
      if (!connection) throw new Error('no connection')
      expect(await firstValueFrom(connection.members())).toHaveLength(1)
      connection.close()
    })

    test('each subscription opens its own', async () => {
      const connection$ = connect(at())
      const [one, other] = await Promise.all([firstValueFrom(connection$), firstValueFrom(connection$)])
      expect(one).not.toBe(other)
      expect(server.sessions).toHaveLength(2)
      one.close()
      expect(await firstValueFrom(other.members())).toHaveLength(1)
      other.close()
    })

    test('a handshake that is refused: the error, and the socket is closed', async () => {
      await using refusing = await ScriptedServer.start((session) =>
        session.onRequest(({ seq }) => session.send(refusal(seq, 'Unsupported IPC version'))),
      )
      const error = await failureOf(connect({ host: refusing.host, port: refusing.port }))
      expect(error).toMatchObject({ name: 'RpcError', command: 'handshake' })
      const session = await refusing.session()
      await until('the socket is closed', () => session.ended)
    })
  })

  describe('sockets of your own', () => {
    test('one that answers within write, also to what is asked from within an answer', async () => {
      let asked = 0
      const socket = new SynchronousDuplex((written, self) => {
        // Requests come as header and body; every number in turn is answered.
        const count = written.toString('latin1').split('Command').length - 1
        for (let index = 0; index < count; index++) {
          const seq = ++asked
          self.deliver(seq === 1 ? reply(seq) : reply(seq, { agent: { name: `${seq}` } }))
        }
      })
      const dialled: unknown[] = []
      const connection = new Connection({
        host: 'double',
        port: 5,
        authKey: '',
        socket: (address) => {
          dialled.push(address)
          return socket
        },
      })
      await firstValueFrom(connection.handshake())
      // Thirty at once go out in more than one write, the first of them within `subscribe`.
      const names = await Promise.all(Array.from({ length: 30 }, () => firstValueFrom(connection.stats())))
      expect(names.map(({ agent }) => agent.name)).toEqual(
        Array.from({ length: 30 }, (_, index) => `${index + 2}`),
      )
      expect(dialled).toEqual([{ host: 'double', port: 5 }])
      connection.close()
      expect(socket.destroyed).toBe(true)
    })

    test('a unix socket, and one that nobody listens on', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'serfx-socket-'))
      const path = join(folder, 's')
      const unix = createServer((socket) => answer(new ScriptedSession(socket)))
      await new Promise<void>((done) => unix.listen(path, done))
      expect(
        await lastValueFrom(
          connect({ ...at(), socket: () => dial(path) }, (connection) => connection.members()),
        ),
      ).toHaveLength(1)
      await new Promise((done) => unix.close(done))
      const error = await failureOf(connect({ ...at(), socket: () => dial(join(folder, 'nobody')) }))
      expect(error).toMatchObject({ name: 'ConnectionError', code: 'ENOENT' })
      rmSync(folder, { recursive: true })
    })

    test('one that cannot even be made', async () => {
      const broken = new Error('no tunnel')
      const error = await failureOf(
        connect({
          ...at(),
          socket: () => {
            throw broken
          },
        }),
      )
      expect(error).toMatchObject({ name: 'ConnectionError', cause: broken })
      expect(error.message).toContain('no tunnel')
    })

    test('one that errors twice, and once more when all is over', async () => {
      const socket = new SynchronousDuplex()
      const connection = new Connection({ ...at(), socket: () => socket })
      const members = record(connection.members())
      for (const word of ['first', 'second', 'third']) socket.emit('error', new Error(word))
      socket.emit('end')
      socket.emit('close')
      expect(members.errors).toMatchObject([{ code: 'CONNECTION_LOST', cause: { message: 'first' } }])
      expect(await firstValueFrom(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(socket.destroyed).toBe(true)
      socket.deliver(reply(1, { Members: [] }))
      expect(members).toMatchObject({ values: [], ended: 1 })
    })

    test('one whose writing side has ended: nothing hangs', async () => {
      const socket = new SynchronousDuplex()
      const connection = new Connection({ ...at(), timeout: 0, socket: () => socket })
      const before = record(connection.handshake())
      socket.end()
      const after = record(connection.members())
      await after.ends()
      await before.ends()
      for (const { errors } of [before, after]) expect(errors).toMatchObject([{ code: 'CONNECTION_LOST' }])
    })

    test('one that gives text instead of bytes', async () => {
      const socket = new SynchronousDuplex((_written, self) => {
        self.emit('data', reply(1).toString('latin1'))
      })
      const connection = new Connection({ ...at(), socket: () => socket })
      const error = await Promise.race([
        failureOf(connection.handshake()),
        firstValueFrom(connection.closed$),
      ]).catch((ended: unknown) => ended)
      // Every byte of this reply is ASCII but its first, which text cannot carry.
      expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
    })
  })
})

describe('a process', () => {
  const run = async (script: string) => {
    await using server = await ScriptedServer.start(answer)
    const lib = JSON.stringify(resolve(__dirname, '../../lib/index.ts'))
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=commonjs',
        '--eval',
        `const { connect, Connection } = require(${lib})
         const at = { host: '127.0.0.1', port: ${server.port}, authKey: '' }
         process.on('exit', () => console.log('exit'))
         ${script}`,
      ],
      { cwd: resolve(__dirname, '../..'), timeout: 25_000 },
    )
    expect(stderr.replace(/^npm warn.*\n/gm, '')).toBe('')
    return stdout
  }

  test.each([
    ['connect(use)', 'connect(at, (c) => c.members()).subscribe((m) => console.log(m.length))', '1\nexit\n'],
    [
      'close()',
      'connect(at).subscribe((c) => c.stats().subscribe((s) => { console.log(s.agent.name); c.close() }))',
      'a\nexit\n',
    ],
    [
      'close() with requests and streams pending',
      `connect(at).subscribe((c) => {
         const error = (e) => console.log(e.code)
         c.stream().subscribe({ error })
         c.query('q', '', { timeout: 600000 }).subscribe({ error })
         c.stats().subscribe(() => c.close())
       })`,
      'CLOSED\nCLOSED\nexit\n',
    ],
    ['a connection that was never used', 'new Connection(at)', 'exit\n'],
    [
      'a refused dial',
      'connect({ ...at, port: 1 }).subscribe({ error: (e) => console.log(e.code) })',
      'ECONNREFUSED\nexit\n',
    ],
  ])('ends by itself after %s', async (_name, script, output) => {
    expect(await run(script)).toBe(output)
  })
})
