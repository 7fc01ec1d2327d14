import { Duplex } from 'node:stream'
import { WriteQueue, type QueuedWrite } from '../../lib/connection/write-queue'
import { turn } from '../support/time/turn'

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

function saying(text: string): QueuedWrite & { abandoned: boolean } {
  return { abandoned: false, write: (writer) => writer.raw(Buffer.from(text)) }
}

describe('a write queue', () => {
  it('writes once for all of one turn', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    for (const text of ['a', 'b', 'c']) queue.add(saying(text))
    expect(writes).toEqual([])
    await turn()
    expect(writes).toEqual(['abc'])
    queue.add(saying('d'))
    await turn()
    expect(writes).toEqual(['abc', 'd'])
  })

  it('writes a great many in few writes, in order', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    const all = Array.from({ length: 1000 }, (_, index) => `${index},`)
    for (const text of all) queue.add(saying(text))
    await turn()
    expect(writes.join('')).toBe(all.join(''))
    expect(writes.length).toBeLessThan(all.length / 20)
  })

  it('waits for the socket, and then writes at once', () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    for (let count = 0; count < 100; count++) queue.add(saying('x'))
    queue.attach(socket)
    expect(writes).toEqual(['x'.repeat(100)])
  })

  it('never sends what was given up before its turn', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    const [early, late, kept] = [saying('early'), saying('late'), saying('kept')]
    queue.add(early)
    early.abandoned = true
    queue.attach(socket)
    queue.add(late)
    queue.add(kept)
    late.abandoned = true
    await turn()
    expect(writes).toEqual(['kept'])
  })

  it('writes nothing where nothing is left', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    const only = saying('only')
    queue.add(only)
    only.abandoned = true
    await turn()
    expect(writes).toEqual([])
  })

  it('drops what waits when it is closed, and takes nothing more out', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    queue.add(saying('a'))
    queue.close()
    queue.add(saying('b'))
    await turn()
    expect(writes).toEqual([])
  })

  it('writes what is added while it encodes', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    const first = saying('first')
    queue.add({
      abandoned: false,
      write: (writer) => {
        first.write(writer)
        queue.add(saying('second'))
      },
    })
    await turn()
    expect(writes).toEqual(['firstsecond'])
  })

  it('starts the time of a request although its socket is no longer writable', async () => {
    const { socket, writes } = recorded()
    const queue = new WriteQueue()
    queue.attach(socket)
    socket.end()
    const write = jest.fn()
    queue.add({ abandoned: false, write })
    await turn()
    expect(write).toHaveBeenCalledTimes(1)
    expect(writes).toEqual([])
  })

  describe('of a socket that is full', () => {
    /** A socket that takes its first write, and blocks until `letGo`. */
    function full() {
      const writes: string[] = []
      const held: (() => void)[] = []
      const socket = new Duplex({
        writableHighWaterMark: 1,
        read: () => undefined,
        write: (chunk: Buffer, _encoding, done) => {
          writes.push(chunk.toString())
          held.push(done)
        },
      })
      const queue = new WriteQueue()
      queue.attach(socket)
      return { queue, writes, letGo: () => held.shift()?.() }
    }

    it('waits for drain, and goes on in order', async () => {
      const { queue, writes, letGo } = full()
      queue.add(saying('a'))
      await turn()
      expect(queue.blocked).toBe(true)
      for (let count = 0; count < 100; count++) queue.add(saying('b'))
      await turn()
      expect(writes).toEqual(['a'])
      letGo()
      await turn()
      expect(writes).toEqual(['a', 'b'.repeat(100)])
    })

    it('writes no more than a chunk at once', async () => {
      const { queue, writes, letGo } = full()
      queue.add(saying('a'))
      await turn()
      for (let count = 0; count < 50; count++) queue.add(saying('b'.repeat(10_000)))
      for (let count = 1; count < 10; count++) {
        letGo()
        await turn()
      }
      expect(writes.join('')).toHaveLength(1 + 50 * 10_000)
      for (const written of writes) expect(written.length).toBeLessThan(80_000)
    })

    it('never writes what was abandoned meanwhile, and keeps nothing of it', async () => {
      const { queue, writes, letGo } = full()
      queue.add(saying('a'))
      await turn()
      const kept = saying('kept')
      const abandoned = Array.from({ length: 10_000 }, () => saying('abandoned'))
      queue.add(kept)
      for (const item of abandoned) queue.add(item)
      for (const item of abandoned) {
        item.abandoned = true
        queue.onAbandoned()
      }
      expect(Reflect.get(queue, 'waiting')).toHaveProperty('length', expect.any(Number))
      expect((Reflect.get(queue, 'waiting') as unknown[]).length).toBeLessThan(200)
      letGo()
      await turn()
      expect(writes).toEqual(['a', 'kept'])
    })
  })
})
