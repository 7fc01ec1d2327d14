import fc from 'fast-check'
import { createServer } from 'node:http'
import { firstValueFrom } from 'rxjs'
import { connect, Connection, type ConnectionOptions, ProtocolError } from 'serfx'
import { failureOf } from '../support/observe/failure'
import { observe } from '../support/observe/recording'
import { frame, header, pack } from '../support/wire/pack'
import type { PeerConnection } from '../support/peers/peer-connection'
import { TcpPeer } from '../support/peers/tcp-peer'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

/** A connection to a server that follows the script once it has been greeted. */
async function against(
  script: (connection: PeerConnection, seq: number, command: string) => void,
  options: ConnectionOptions = {},
) {
  const server = await TcpPeer.greeting(({ connection, seq, command }) => script(connection, seq, command))
  const connection = await firstValueFrom(connect({ host: server.host, port: server.port, ...options }))
  return {
    server,
    connection,
    async [Symbol.asyncDispose]() {
      connection.close()
      await server.stop()
    },
  }
}

/** Runs a check on random bytes. When it fails, fast-check prints the seed and the bytes. */
const withRandomBytes = (maxLength: number, numRuns: number, check: (bytes: Buffer) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength, size: 'max' }), (bytes) =>
      check(Buffer.from(bytes)),
    ),
    { numRuns, endOnFailure: true },
  )

/** The header of a reply, and then whatever. */
const headed = (seq: number, ...bytes: (Buffer | number[])[]) =>
  Buffer.concat([header(seq), ...bytes.map((piece) => Buffer.from(piece))])

describe('bytes of another protocol', () => {
  test('HTTP: the error shows what came, and the socket is given up', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const connection = new Connection({ host: '127.0.0.1', port })
    const [handshake, members] = [observe(connection.handshake()), observe(connection.members())]
    await until('the connection ends', () => connection.closed)
    for (const [{ error }, command] of [
      [handshake, 'handshake'],
      [members, 'members'],
    ] as const) {
      expect(error).toBeInstanceOf(ProtocolError)
      expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
      expect(String(error)).toContain(`${command}: the connection to 127.0.0.1:${port} was closed`)
      expect(String(error)).toContain('it begins with "HTTP/1.1 400 Bad Request')
      expect(String(error)).toContain('is the port that of another service?')
    }
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  test('a TLS alert', async () => {
    await using server = await TcpPeer.start(() => Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]))
    expect(await failureOf(connect({ host: server.host, port: server.port }))).toBeInstanceOf(ProtocolError)
  })

  test('random bytes: an error of ours, whatever they are, and never a hang', async () => {
    await withRandomBytes(900, 60, async (bytes) => {
      await using server = await TcpPeer.start(({ connection }) => {
        connection.send(bytes)
        connection.end()
      })
      const error = await failureOf(connect({ host: server.host, port: server.port }))
      expect(error.code).toMatch(/^(PROTOCOL_ERROR|CONNECTION_LOST)$/)
      expect(error.message).toContain(server.address)
    })
  })

  test('random bytes where a body belongs: an error of that request or of all', async () => {
    await withRandomBytes(700, 40, async (bytes) => {
      await using scene = await against((peer, seq) => {
        peer.send(headed(seq, bytes))
        peer.end()
      })
      const { values, error } = await observe(scene.connection.stats()).ends()
      // Few random bytes are a body: an empty map, one of unknown fields. All others are an error.
      if (values.length > 0) expect(values).toMatchObject([{ serf: {} }])
      else {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(PROTOCOL_ERROR|CONNECTION_LOST)$/) })
        expect(String(error)).toContain('Error: stats: ')
      }
    })
  })
})

describe('frames without a request', () => {
  test('an unknown seq is ignored with its records, and no other request is affected', async () => {
    await using scene = await against((peer, seq) =>
      peer.send(
        header(999),
        frame(999, { Event: 'user', LTime: 1, Name: 'x', Payload: null, Coalesce: false }),
        frame(0, { Members: [] }),
        frame(2n ** 53n - 1n, ['anything', { at: 'all' }]),
        frame(seq, { agent: { name: 'a' } }),
        frame(998, { Type: 'done', From: '', Payload: null }),
      ),
    )
    expect(await valueOf(scene.connection.stats())).toMatchObject({ agent: { name: 'a' } })
    expect(await valueOf(scene.connection.stats())).toMatchObject({ agent: { name: 'a' } })
  })

  test('an unknown seq as large as 64 bits can hold, and its body in pieces', async () => {
    const header = Buffer.concat([pack({ Error: '', Seq: 0 }).subarray(0, -1), Buffer.alloc(9, 0xff)])
    header[header.length - 9] = 0xcf
    const body = pack({ Members: [{ Name: 'a'.repeat(300) }] })
    await using scene = await against((peer, seq) => {
      peer.send(header, body.subarray(0, 100))
      setImmediate(() => peer.send(body.subarray(100), frame(seq, { agent: {} })))
    })
    expect(await valueOf(scene.connection.stats())).toMatchObject({ agent: { name: '' } })
  })

  test('a body without a header: ProtocolError for all', async () => {
    await using scene = await against((peer) => peer.send(pack({ Members: [] })))
    const pending = observe(scene.connection.stream())
    const error = await failureOf(scene.connection.members())
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.message).toContain(`members: the connection to ${scene.server.address}`)
    expect(pending.error).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  test('two bodies to one header', async () => {
    await using scene = await against((peer, seq) =>
      peer.send(frame(seq, { agent: {} }), pack({ agent: {} })),
    )
    const connection = scene.connection
    expect(await valueOf(connection.stats())).toMatchObject({ agent: { name: '' } })
    await until('the connection ends', () => connection.closed)
    expect(await firstValueFrom(connection.closed$)).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  test.each([
    ['a body of another shape', { Nothing: 'of this' }],
    ['a list', [1, 2]],
    ['a string', 'members'],
    ['members that are none', { Members: [{ Name: 5 }] }],
  ])('%s: that request alone errors', async (_name, body) => {
    await using scene = await against((peer, seq, command) =>
      peer.send(command === 'members' ? frame(seq, body) : frame(seq, { agent: {} })),
    )
    const error = await failureOf(scene.connection.members())
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.message).toBe(`members: the reply of ${scene.server.address} is not what an agent sends`)
    expect(await valueOf(scene.connection.stats())).toMatchObject({ agent: { name: '' } })
  })
})

describe('bytes that claim too much', () => {
  const refused = async (bytes: (Buffer | number[])[], options: ConnectionOptions = {}) => {
    await using scene = await against((peer, seq) => peer.send(headed(seq, ...bytes)), options)
    const error = await failureOf(scene.connection.members())
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.message).toContain(`members: the connection to ${scene.server.address} was closed`)
    expect(scene.connection.closed).toBe(true)
    return error.message
  }
  const members = (...array: number[]) => [pack({ Members: 0 }).subarray(0, -1), array]

  test('a message over maxFrameBytes', async () => {
    const body = pack({ Members: [{ Name: 'a'.repeat(5000) }] })
    expect(await refused([body], { maxFrameBytes: 4096 })).toContain('larger than 4096 bytes')
    expect(await refused([body], { maxFrameBytes: 4096 })).toContain('maxFrameBytes')
  })

  test('a larger message of many small members', async () => {
    const names = Array.from({ length: 300 }, (_, index) => ({ Name: `node-${index}`.padEnd(30, '-') }))
    const body = pack({ Members: names })
    expect(await refused([body], { maxFrameBytes: 2048 })).toContain('larger than 2048 bytes')
  })

  test('a string that claims 4 GB is refused before it comes', async () => {
    expect(await refused([[0xdb, 0xff, 0xff, 0xff, 0xff]])).toContain('larger than')
    expect(await refused([[0x81, 0xa1, 0x61, 0xc6, 0xff, 0xff, 0xff, 0xff]])).toContain('larger than')
  })

  test.each([
    ['an array', [[0xdd, 0xff, 0xff, 0xff, 0xff]]],
    ['a map', [[0xdf, 0xff, 0xff, 0xff, 0xff]]],
    ['a list of members', members(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['tags', [...members(0x91, 0x81), pack('Tags'), [0xdf, 0xff, 0xff, 0xff, 0xff]]],
    ['a list in an unknown field', [...members(0x91, 0x81), pack('New'), [0xdd, 0xff, 0xff, 0xff, 0xff]]],
  ])('%s that claims 4 billion entries: refused, and nothing allocated', async (_name, bytes) => {
    const before = process.memoryUsage()
    expect(await refused(bytes)).toContain('claims to hold more than')
    const after = process.memoryUsage()
    // 4 billion of anything would be gigabytes.
    expect(after.rss - before.rss).toBeLessThan(512 * 1024 * 1024)
  })

  test('a header that claims as much', async () => {
    await using scene = await against((peer) => peer.send(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])))
    expect(await failureOf(scene.connection.members())).toBeInstanceOf(ProtocolError)
  })

  test.each([
    ['arrays', Buffer.alloc(100_000, 0x91)],
    ['maps', Buffer.from('81a161'.repeat(100_000), 'hex')],
  ])('nested %s, 100,000 deep', async (_name, deep) => {
    expect(await refused([deep])).toContain('nested deeper than 16')
    expect(await refused([...members(0x91, 0x81), pack('New'), deep])).toContain('nested deeper than 16')
    await using scene = await against((peer) => peer.send(deep))
    expect(await failureOf(scene.connection.members())).toBeInstanceOf(ProtocolError)
  })

  test.each([
    ['fixext 1', [0xd4, 0, 0]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['ext 8', [0xc7, 1, 5, 0]],
    ['ext 32', [0xc9, 0xff, 0xff, 0xff, 0xff, 1]],
  ])('an extension (%s) where a string belongs', async (_name, extension) => {
    expect(await refused([...members(0x91, 0x81), pack('Name'), extension])).toContain('extension')
    // A name of a field, the text of an error.
    expect(await refused([[0x81], extension])).toContain('extension')
    await using scene = await against((peer) =>
      peer.send(pack({ Error: 0 }).subarray(0, -1), Buffer.from(extension)),
    )
    expect(await failureOf(scene.connection.members())).toBeInstanceOf(ProtocolError)
  })

  test('the byte 0xC1', async () => {
    expect(await refused([[0xc1]])).toContain('0xc1')
  })
})

describe('odd strings', () => {
  // `{__proto__: ...}` of msgpackr itself would be renamed: bytes by hand.
  const proto = Buffer.concat([
    Buffer.from([0x82]),
    pack('__proto__'),
    pack('polluted'),
    pack('role'),
    pack('web'),
  ])

  const expectPlain = (map: Record<string, string> | undefined) => {
    expect(Object.entries(map ?? {})).toEqual([
      ['__proto__', 'polluted'],
      ['role', 'web'],
    ])
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  }

  test('a key __proto__ in tags is plain data', async () => {
    const body = Buffer.concat([
      pack({ Members: 0 }).subarray(0, -1),
      Buffer.from([0x91, 0x82]),
      pack('Name'),
      pack('a'),
      pack('Tags'),
      proto,
    ])
    await using scene = await against((peer, seq) => peer.send(headed(seq, body)))
    const [member] = await valueOf(scene.connection.members())
    expectPlain(member?.tags)
  })

  test('and in stats, in every map of it', async () => {
    for (const part of ['serf', 'runtime', 'tags', 'event_handlers'] as const) {
      const body = Buffer.concat([Buffer.from([0x81]), pack(part), proto])
      await using scene = await against((peer, seq) => peer.send(headed(seq, body)))
      const stats = await valueOf(scene.connection.stats())
      expectPlain(stats[part])
    }
  })

  test('with a map for its value, in a raw frame and in frames$', async () => {
    const body = Buffer.concat([
      Buffer.from([0x81]),
      pack('__proto__'),
      Buffer.from([0x81]),
      pack('polluted'),
      pack(1),
    ])
    await using scene = await against((peer, seq) => peer.send(headed(seq, body)))
    const seen = observe(scene.connection.frames$)
    const frame = await valueOf(scene.connection.request('stats'))
    for (const shown of [frame.body, seen.values[0]?.body]) {
      expect(Object.entries(shown ?? {})).toEqual([['__proto__', { polluted: 1 }]])
      expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
    }
    expect('polluted' in {}).toBe(false)
  })

  test('strings that are not UTF-8 become U+FFFD, wherever they are', async () => {
    const bad = Buffer.from([0xa3, 0x61, 0xff, 0xfe])
    const member = Buffer.concat([
      Buffer.from([0x82]),
      pack('Name'),
      bad,
      pack('Tags'),
      Buffer.from([0x81]),
      bad,
      bad,
    ])
    await using scene = await against((peer, seq, command) => {
      if (command === 'members') {
        peer.send(headed(seq, pack({ Members: 0 }).subarray(0, -1), [0x91], member))
      } else if (command === 'monitor') {
        peer.send(header(seq), headed(seq, [0x81], pack('Log'), bad))
      } else peer.send(pack({ Error: 0, Seq: 0 }).subarray(0, 7), bad, pack('Seq'), pack(seq))
    })
    const { connection } = scene
    const [shown] = await valueOf(connection.members())
    expect(shown).toMatchObject({ name: 'a\uFFFD\uFFFD', tags: { 'a\uFFFD\uFFFD': 'a\uFFFD\uFFFD' } })
    expect(await firstValueFrom(connection.monitor())).toBe('a\uFFFD\uFFFD')
    const error = await failureOf(connection.event('e'))
    expect(error).toMatchObject({ name: 'RpcError', code: 'AGENT_ERROR' })
    expect(error.message).toContain('a\uFFFD\uFFFD')
    expect(connection.closed).toBe(false)
  })

  test('a header with its fields in the other order, and with a 64-bit seq', async () => {
    await using scene = await against((peer, seq) => {
      const long = Buffer.alloc(9, 0)
      long[0] = 0xcf
      long[8] = seq
      peer.send(
        Buffer.from([0x82]),
        pack('Seq'),
        long,
        pack('Error'),
        pack(''),
        pack({ agent: { name: 'z' } }),
      )
    })
    expect(await valueOf(scene.connection.stats())).toMatchObject({ agent: { name: 'z' } })
  })
})
