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

describe('a socket of our own', () => {
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

  it('says who is not there', async () => {
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

  it('is destroyed when the connection is closed while it is dialled', async () => {
    await using server = await TcpPeer.greeting()
    const connection = new Connection(server.options())
    const pending = observe(connection.handshake())
    connection.close()
    expect(pending.error).toMatchObject({ code: 'CLOSED' })
    expect(connection.closed).toBe(true)
    await valueOf(connect(server.options(), () => ['another']))
    expect(server.requests.map(({ command }) => command)).toEqual(['handshake'])
  })

  it('is not disturbed when requests are given up while it is dialled, and they are never sent', async () => {
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

  it('takes what comes with the FIN, and hears of the FIN', async () => {
    await using server = await TcpPeer.greeting()
    using connection = await valueOf(connect(server.options()))
    const left = observe(connection.leave())
    const seq = await server.seqOf('leave')
    server.socket.end(header(seq))
    await until('it is closed', () => connection.closed)
    expect(left).toMatchObject({ values: [undefined], completed: true })
    await until('the server has heard of it', () => server.socket.closed)
  })

  it('hears of a reset', async () => {
    await using server = await TcpPeer.greeting()
    using connection = await valueOf(connect(server.options()))
    const pending = observe(connection.members())
    await server.seqOf('members')
    server.socket.resetAndDestroy()
    await until('it has heard of it', () => pending.error)
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

  it('may give a unix socket', async () => {
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

  it('may give one whose dial fails', async () => {
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
  ])('may give one that reads %s, and has neither ref nor unref', async (_, chunkOf) => {
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

  it('is refused where it reads something else than bytes', async () => {
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
