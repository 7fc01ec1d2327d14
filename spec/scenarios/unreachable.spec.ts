import { connect as dial, createServer } from 'node:net'
import { connect, Connection, ConnectionError, TimeoutError } from '../../lib'
import { freePort } from '../support/agents/free-port'
import { failureOf } from '../support/observe/failure'
import { observe } from '../support/observe/recording'
import { frame, header } from '../support/wire/pack'
import { TcpPeer } from '../support/peers/tcp-peer'
import { until } from '../support/time/until'

describe('nobody there', () => {
  test('a closed port: ECONNREFUSED, with the command, the address and what to do', async () => {
    const port = await freePort()
    const error = await failureOf(connect({ host: '127.0.0.1', port }, (connection) => connection.members()))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: 'ECONNREFUSED', address: `127.0.0.1:${port}` })
    expect(error.message).toContain(`cannot connect to 127.0.0.1:${port} (ECONNREFUSED)`)
    expect(error.message).toContain('is `serf agent` running')
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('everything that was subscribed before the dial failed is told, each by its own command', async () => {
    const port = await freePort()
    const connection = new Connection({ host: '127.0.0.1', port })
    const told = [
      observe(connection.handshake()),
      observe(connection.stats()),
      observe(connection.stream()),
      observe(connection.query('q')),
    ]
    const why = observe(connection.closed$)
    await until('the dial fails', () => connection.closed)
    const messages = told.map(({ error }) => (error instanceof ConnectionError ? error.message : error))
    for (const [index, command] of ['handshake', 'stats', 'stream', 'query'].entries()) {
      expect(messages[index]).toMatch(`${command}: cannot connect to 127.0.0.1:${port} `)
    }
    expect(told.map(({ ended }) => ended)).toEqual([true, true, true, true])
    expect(why).toMatchObject({ values: [{ code: 'ECONNREFUSED' }], completed: true })
    // And so is what comes later, without another dial.
    expect(observe(connection.members()).error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test.each(['no such host', `${'a'.repeat(64)}.invalid`, 'serfx..invalid'])(
    'the host %p, which does not resolve',
    async (host) => {
      const error = await failureOf(connect({ host, port: 7373 }, (connection) => connection.members()))
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ code: 'ENOTFOUND', address: `${host}:7373` })
      expect(error.message).toContain('cannot connect to')
      expect(error.message).toContain('does not resolve')
    },
  )

  test('an IPv6 address is shown in brackets', async () => {
    const port = await freePort()
    const error = await failureOf(connect({ host: '::1', port }))
    expect(error).toMatchObject({ address: `[::1]:${port}` })
    expect(error.message).toContain(`[::1]:${port}`)
  })
})

describe('somebody there who does not answer', () => {
  test('a server that accepts and says nothing: TimeoutError after `timeout`', async () => {
    await using server = await TcpPeer.start()
    const error = await failureOf(
      connect({ host: server.host, port: server.port, timeout: 250 }, (connection) => connection.members()),
    )
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error.code).toBe('TIMEOUT')
    expect(error.message).toMatch(
      new RegExp(`^handshake: no reply from ${server.address} within 250 ms; .*raise the option timeout`),
    )
    const connection = await server.connected()
    await until('the socket is given up', () => connection.closed)
  })

  test('a dial that nobody answers: TimeoutError for all that wait', async () => {
    const connection = new Connection({
      host: '127.0.0.1',
      port: 7373,
      timeout: 40,
      // A socket that goes on connecting: its host name is never looked up.
      socket: () => dial({ host: 'silent.invalid', port: 7373, lookup: () => undefined }),
    })
    const [members, stream] = [observe(connection.members()), observe(connection.stream())]
    await members.ends()
    expect(members.error).toMatchObject({ name: 'TimeoutError' })
    expect(stream.error).toMatchObject({
      name: 'TimeoutError',
      message: expect.stringMatching(/^stream: cannot connect to 127.0.0.1:7373 within 40 ms/),
    })
    expect(connection.closed).toBe(true)
  })
})

describe('somebody there who goes away', () => {
  test('at once: CONNECTION_LOST', async () => {
    await using server = await TcpPeer.start(undefined, (connection) => connection.end())
    const error = await failureOf(connect({ host: server.host, port: server.port }))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', address: server.address })
    expect(error.message).toContain(`the connection to ${server.address} was lost`)
  })

  test('with a reset: CONNECTION_LOST, and the reason of the system', async () => {
    await using server = await TcpPeer.start(({ connection }) => void connection.socket.resetAndDestroy())
    const error = await failureOf(connect({ host: server.host, port: server.port }))
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', cause: { code: 'ECONNRESET' } })
    expect(error.message).toContain('(ECONNRESET)')
  })

  test.each([1, 6, 7, 8, 11, 12])('in the middle of a header, after %i bytes: so it says', async (size) => {
    const bytes = header(1)
    expect(size).toBeLessThan(bytes.length)
    await using server = await TcpPeer.start(({ connection: connection }) => {
      connection.send(bytes.subarray(0, size))
      connection.end()
    })
    const error = await failureOf(connect({ host: server.host, port: server.port }))
    expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(error.message).toContain('was lost in the middle of a message')
  })

  test('between a header and its body, and within a list of members', async () => {
    const whole = frame(2, { Members: [{ Name: 'a', Tags: {} }, { Name: 'b' }] })
    for (const size of [12, 13, 25, whole.length - 1]) {
      await using server = await TcpPeer.greeting(({ connection: connection }) => {
        connection.send(whole.subarray(0, size))
        connection.end()
      })
      const error = await failureOf(
        connect({ host: server.host, port: server.port }, (connection) => connection.members()),
      )
      expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(error.message).toContain('members: the connection')
      expect(error.message).toContain('in the middle of a message')
    }
  })

  test('half-open, with a FIN while it still reads: everything pending is told at once', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('data', () => socket.end(header(1)))
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const connection = new Connection({ host: '127.0.0.1', port, timeout: 0 })
    const handshake = observe(connection.handshake())
    const others = [
      observe(connection.members()),
      observe(connection.stream()),
      observe(connection.query('q')),
    ]
    await until('the connection is lost', () => connection.closed)
    expect(handshake).toMatchObject({ values: [undefined], completed: true })
    for (const other of others) expect(other.error).toMatchObject({ code: 'CONNECTION_LOST' })
    await new Promise((resolve) => server.close(resolve))
  })
})
