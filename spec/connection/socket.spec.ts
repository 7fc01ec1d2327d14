import { Duplex } from 'node:stream'
import { mkdtempSync, rmSync } from 'node:fs'
import net, { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, Connection, ConnectionError } from 'serfx'
import { observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { freePort } from '../support/agents/free-port'
import { header } from '../support/wire/pack'
import { TcpPeer } from '../support/peers/tcp-peer'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe('a TCP socket', () => {
  it('has TCP_NODELAY and keepalive', async () => {
    await using server = await TcpPeer.greeting()
    const noDelay = jest.spyOn(net.Socket.prototype, 'setNoDelay')
    const dialled = jest.spyOn(net, 'createConnection')
    using connection = await valueOf(connect(server.options()))
    const [options] = dialled.mock.calls[0] ?? []
    expect(options).toMatchObject({ host: server.host, port: server.port, noDelay: true, keepAlive: true })
    expect(options).toHaveProperty('keepAliveInitialDelay', expect.any(Number))
    expect(noDelay).not.toHaveBeenCalledWith(false)
    expect(connection.closed).toBe(false)
    jest.restoreAllMocks()
  })

  it('errors with what to do when nobody listens there', async () => {
    const port = await freePort()
    const error = await failureOf(connect({ port, host: '127.0.0.1', authKey: '' }))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: 'ECONNREFUSED',
      address: `127.0.0.1:${port}`,
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    })
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(new RegExp(`^cannot connect to 127.0.0.1:${port} .*serf agent`)),
    )
  })

  it.each(['no such host', `${'a'.repeat(64)}.invalid`, 'serfx..invalid'])(
    'errors when the host %p does not resolve',
    async (host) => {
      const error = await failureOf(connect({ host, port: 7373, authKey: '' }))
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ code: 'ENOTFOUND', address: `${host}:7373` })
      expect(error.message).toContain('does not resolve')
    },
  )

  it('errors every command that waits for it, by its own name, and is not dialled again', async () => {
    const port = await freePort()
    const connection = new Connection({ host: '127.0.0.1', port, authKey: '' })
    const pending = {
      handshake: observe<unknown>(connection.handshake()),
      stats: observe<unknown>(connection.stats()),
      stream: observe<unknown>(connection.stream()),
      query: observe<unknown>(connection.query('q')),
    }
    const closed = observe(connection.closed$)
    await until('the dial fails', () => connection.closed)
    for (const [command, { error }] of Object.entries(pending)) {
      expect(error).toHaveProperty(
        'message',
        expect.stringMatching(`^${command}: cannot connect to 127.0.0.1:${port} `),
      )
    }
    expect(closed).toMatchObject({ values: [{ code: 'ECONNREFUSED' }], completed: true })
    expect(observe(connection.members()).error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('is destroyed when the connection is closed during the dial', async () => {
    await using server = await TcpPeer.greeting()
    const connection = new Connection(server.options())
    const pending = observe(connection.handshake())
    connection.close()
    expect(pending.error).toMatchObject({ code: 'CLOSED' })
    expect(connection.closed).toBe(true)
    await valueOf(connect(server.options(), () => ['another']))
    expect(server.requests.map(({ command }) => command)).toEqual(['handshake'])
  })

  it('is not disturbed by requests that are unsubscribed during the dial, and they are never sent', async () => {
    await using server = await TcpPeer.greeting()
    using connection = new Connection(server.options())
    for (const reply$ of [
      connection.members(),
      connection.stream(),
      connection.monitor(),
      connection.query('q'),
    ])
      observe<unknown>(reply$).unsubscribe()
    await valueOf(connection.handshake())
    expect(server.requests.map(({ command }) => command)).toEqual(['handshake'])
  })

  it('delivers the reply that comes with the FIN, and ends itself', async () => {
    await using server = await TcpPeer.greeting()
    using connection = await valueOf(connect(server.options()))
    const left = observe(connection.leave())
    const seq = await server.seqOf('leave')
    server.socket.end(header(seq))
    await until('it is closed', () => connection.closed)
    expect(left).toMatchObject({ values: [undefined], completed: true })
    await until('the server sees the end', () => server.socket.closed)
  })

  it('errors the requests when it is reset', async () => {
    await using server = await TcpPeer.greeting()
    using connection = await valueOf(connect(server.options()))
    const pending = observe(connection.members())
    await server.seqOf('members')
    server.socket.resetAndDestroy()
    await until('the request errors', () => pending.error)
    expect(pending.error).toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('ECONNRESET'),
    })
  })
})

describe('the option socket', () => {
  it('is called with the address, once for each connection, when it is dialled', async () => {
    await using server = await TcpPeer.greeting()
    const socket = jest.fn(({ port }: { port: number }) => createConnection(port, '127.0.0.1'))
    const opening$ = connect({ host: 'tunnel', port: server.port, authKey: '', socket }, ({ host }) => [host])
    expect(socket).not.toHaveBeenCalled()
    await expect(valuesOf(opening$)).resolves.toEqual(['tunnel'])
    expect(socket.mock.calls).toEqual([[{ host: 'tunnel', port: server.port }]])
  })

  it('can return a unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serfx-socket-'))
    const path = join(folder, 'agent.sock')
    const accepted: Socket[] = []
    const server: Server = createServer((socket) => {
      accepted.push(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(header(1)))
    })
    try {
      await new Promise<void>((resolve) => server.listen(path, resolve))
      const greeted = valuesOf(
        connect({ authKey: '', host: 'unix', socket: () => createConnection(path) }, ({ host }) => [host]),
      )
      await expect(greeted).resolves.toEqual(['unix'])
    } finally {
      for (const socket of accepted) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('can return a socket whose dial fails', async () => {
    const port = await freePort()
    const socket = () => createConnection(port, '127.0.0.1')
    await expect(failureOf(connect({ host: 'tunnel', authKey: '', socket }))).resolves.toMatchObject({
      code: 'ECONNREFUSED',
      address: 'tunnel:7373',
    })
  })

  it.each<[string, (bytes: Buffer) => unknown]>([
    ['a Buffer', (bytes) => bytes],
    ['a plain Uint8Array', (bytes) => Uint8Array.from(bytes)],
    [
      'a part of an ArrayBuffer',
      (bytes) => new Uint8Array(Uint8Array.from([9, ...bytes, 9]).buffer, 1, bytes.length),
    ],
    ['a view of another kind', (bytes) => new DataView(Uint8Array.from(bytes).buffer)],
  ])('can return a socket that reads %s, and has neither ref nor unref', async (_, chunkOf) => {
    const socket = () =>
      new Duplex({
        readableObjectMode: true,
        read: () => undefined,
        write(this: Duplex, _chunk, _encoding, done) {
          this.push(chunkOf(header(1)))
          done()
        },
      })
    await expect(
      valuesOf(connect({ authKey: '', host: 'own', socket }, ({ host }) => [host])),
    ).resolves.toEqual(['own'])
  })

  it.each([
    ['nothing', undefined, 'not undefined'],
    ['a promise', Promise.resolve(), 'and no promise of one, not an object'],
  ])('errors when it returns %s', async (_, returned, message) => {
    const socket = () => returned as unknown as Duplex
    await expect(failureOf(connect({ authKey: '', socket }))).resolves.toMatchObject({
      name: 'ConnectionError',
      message: expect.stringMatching(`must return a Duplex, .*${message}`),
    })
  })

  it('errors when its socket reads anything but bytes', async () => {
    const socket = () =>
      new Duplex({
        objectMode: true,
        read: () => undefined,
        write(this: Duplex, _chunk, _encoding, done) {
          this.push({ seq: 1 })
          done()
        },
      })
    await expect(failureOf(connect({ authKey: '', socket }))).resolves.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('reads an object instead of bytes'),
    })
  })
})
