import { Duplex } from 'node:stream'
import { Outbox, type Outgoing } from '../../lib/connection/outbox'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function recorded(): { socket: Duplex; writes: string[] } {
  const writes: string[] = []
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      writes.push(chunk.toString())
      done()
    },
  })
  return { socket, writes }
}

function saying(text: string): Outgoing & { over: boolean } {
  return { over: false, depart: (writer) => writer.raw(Buffer.from(text)) }
}

describe('an outbox', () => {
  const lone = jest.fn()

  beforeEach(() => lone.mockReset())

  it('tells when a single item has been written, and not of several', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(() => {
      lone(writes.length)
    })
    outbox.open(socket)
    outbox.put(saying('a'))
    await turn()
    for (const text of ['b', 'c']) outbox.put(saying(text))
    await turn()
    expect(writes).toEqual(['a', 'bc'])
    expect(lone.mock.calls).toEqual([[1]])
  })

  it('writes once for all of one turn', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    for (const text of ['a', 'b', 'c']) outbox.put(saying(text))
    expect(writes).toEqual([])
    await turn()
    expect(writes).toEqual(['abc'])
    outbox.put(saying('d'))
    await turn()
    expect(writes).toEqual(['abc', 'd'])
  })

  it('writes a great many in few writes, in order', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    const all = Array.from({ length: 1000 }, (_, index) => `${index},`)
    for (const text of all) outbox.put(saying(text))
    await turn()
    expect(writes.join('')).toBe(all.join(''))
    expect(writes.length).toBeLessThan(all.length / 20)
  })

  it('waits for the socket, and then writes at once', () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    for (let count = 0; count < 100; count++) outbox.put(saying('x'))
    outbox.open(socket)
    expect(writes).toEqual(['x'.repeat(100)])
  })

  it('never sends what was given up before its turn', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    const [early, late, kept] = [saying('early'), saying('late'), saying('kept')]
    outbox.put(early)
    early.over = true
    outbox.open(socket)
    outbox.put(late)
    outbox.put(kept)
    late.over = true
    await turn()
    expect(writes).toEqual(['kept'])
  })

  it('writes nothing where nothing is left', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    const only = saying('only')
    outbox.put(only)
    only.over = true
    await turn()
    expect(writes).toEqual([])
  })

  it('drops what waits when it is closed, and takes nothing more out', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    outbox.put(saying('a'))
    outbox.close()
    outbox.put(saying('b'))
    await turn()
    expect(writes).toEqual([])
  })

  it('takes what is put while it writes, in the next turn', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    const first = saying('first')
    outbox.put({
      over: false,
      depart: (writer) => {
        first.depart(writer)
        outbox.put(saying('second'))
      },
    })
    await turn()
    expect(writes).toEqual(['first', 'second'])
  })

  it('lets the time of a request begin though its socket takes nothing any more', async () => {
    const { socket, writes } = recorded()
    const outbox = new Outbox(lone)
    outbox.open(socket)
    socket.end()
    const departed = jest.fn()
    outbox.put({ over: false, depart: departed })
    await turn()
    expect(departed).toHaveBeenCalledTimes(1)
    expect(writes).toEqual([])
  })
})
