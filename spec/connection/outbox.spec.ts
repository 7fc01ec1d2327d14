import { Outbox, type Outgoing } from '../../lib/connection/outbox'
import type { Writer } from '../../lib/protocol/writer'
import { SynchronousDuplex } from '../support/synchronous-duplex'

const turn = () => new Promise<void>((resolve) => process.nextTick(resolve))

describe('outbox', () => {
  let socket: SynchronousDuplex
  let outbox: Outbox
  const item = (byte: number, departed: () => void = () => undefined): Outgoing & { over: boolean } => ({
    over: false,
    depart(writer: Writer) {
      writer.raw(Buffer.from([byte]))
      departed()
    },
  })
  beforeEach(() => {
    socket = new SynchronousDuplex()
    outbox = new Outbox()
  })

  test('what comes before the socket waits for it, in order, without what was given up', () => {
    const given = item(2)
    for (const each of [item(1), given, item(3)]) outbox.put(each)
    given.over = true
    outbox.open(socket)
    expect(socket.writes).toEqual([Buffer.from([1, 3])])
  })

  test('the requests of one turn leave in one write', async () => {
    outbox.open(socket)
    for (let byte = 1; byte < 24; byte++) outbox.put(item(byte))
    expect(socket.writes).toEqual([])
    await turn()
    expect(socket.writes).toEqual([Buffer.from(Array.from({ length: 23 }, (_, index) => index + 1))])
    outbox.put(item(99))
    await turn()
    expect(socket.writes).toHaveLength(2)
  })

  test('a great many leave in batches, none twice, all in order', async () => {
    outbox.open(socket)
    for (let byte = 0; byte < 100; byte++) outbox.put(item(byte))
    await turn()
    expect(socket.writes.map(({ length }) => length)).toEqual([24, 24, 24, 24, 4])
    expect(Buffer.concat(socket.writes)).toEqual(
      Buffer.from(Array.from({ length: 100 }, (_, index) => index)),
    )
  })

  test('what is given up within the turn is never sent; a turn with nothing left writes nothing', async () => {
    outbox.open(socket)
    const given = item(1)
    outbox.put(given)
    given.over = true
    await turn()
    expect(socket.writes).toEqual([])
  })

  test('close() drops what waits, and what comes later', async () => {
    outbox.open(socket)
    outbox.put(item(1))
    outbox.close()
    outbox.put(item(2))
    await turn()
    expect(socket.writes).toEqual([])
  })

  test('a socket that cannot be written to any more gets nothing', async () => {
    outbox.open(socket)
    outbox.put(item(1))
    socket.destroy()
    await turn()
    expect(socket.writes).toEqual([])
  })

  test('whoever is written may put more, from within the write', async () => {
    const answering = new SynchronousDuplex((written) => {
      if ((written[0] ?? 0) < 5) outbox.put(item((written[0] ?? 0) + 1))
    })
    outbox.open(answering)
    outbox.put(item(1))
    for (let round = 0; round < 6; round++) await turn()
    expect(answering.writes).toEqual([1, 2, 3, 4, 5].map((byte) => Buffer.from([byte])))
  })
})
