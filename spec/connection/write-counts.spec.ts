import { Connection } from '../../lib/connection/connection'
import { Request } from '../../lib/connection/request'
import { SeqRouter } from '../../lib/connection/seq-router'
import { frame, header } from '../support/wire/pack'
import { MemoryPeer } from '../support/peers/memory-peer'
import { valueOf } from '../support/observe/values'
import { turn } from '../support/time/turn'

const BATCH = 24
/** Pending requests error when the spec closes the connection. */
const error = () => undefined

/** Speed without a clock: what is counted here cannot be noisy. `bench/` has the figures. */
describe('what is done for each request and frame', () => {
  let peer: MemoryPeer
  let connection: Connection

  beforeEach(async () => {
    peer = MemoryPeer.greeting()
    connection = new Connection(peer.options())
    await valueOf(connection.handshake())
    peer.writes.length = 0
    peer.requests.length = 0
  })

  afterEach(() => {
    jest.restoreAllMocks()
    connection.close()
  })

  it.each([1, 2, 10, 23])('writes the %i requests of a turn at once', async (count) => {
    for (let index = 0; index < count; index++) connection.event('deploy', 'v1').subscribe({ error })
    expect(peer.writes).toHaveLength(0)
    await turn()
    expect(peer.requests).toHaveLength(count)
    expect(peer.writes).toHaveLength(1)
  })

  it.each([24, 25, 1000, 10_000])(`takes a write for each ${BATCH} of %i requests`, async (count) => {
    for (let index = 0; index < count; index++) connection.members().subscribe({ error })
    await turn()
    expect(peer.requests).toHaveLength(count)
    expect(peer.writes.length).toBeLessThanOrEqual(Math.ceil(count / BATCH))
  })

  it('writes the requests that follow replies once a turn', async () => {
    let asked = 0
    const ask = (): void => {
      asked++
      connection.event('deploy').subscribe({
        next: () => {
          if (asked < 100) ask()
        },
        error,
      })
    }
    for (let index = 0; index < 10; index++) ask()
    await turn()
    while (peer.requests.length < 100) {
      peer.writes.length = 0
      const open = peer.requests.slice(-10)
      // All the answers in one chunk, as a socket reads them.
      peer.send(Buffer.concat(open.map(({ seq }) => header(seq))))
      await turn()
      expect(peer.writes).toHaveLength(1)
    }
  })

  it('stops all streams of a turn with one write', async () => {
    const subscriptions = Array.from({ length: 20 }, () => connection.stream('user').subscribe({ error }))
    await turn()
    for (const { seq } of peer.requests) peer.reply(seq)
    await turn()
    peer.writes.length = 0
    for (const subscription of subscriptions) subscription.unsubscribe()
    await turn()
    expect(peer.commands.filter((command) => command === 'stop')).toHaveLength(20)
    expect(peer.writes).toHaveLength(1)
  })

  it('looks up one owner a frame and calls back one of a thousand that wait', async () => {
    const called: number[] = []
    for (let index = 0; index < 1000; index++)
      connection.event('deploy').subscribe({ next: () => called.push(index), error })
    await turn()
    const lookups = jest.spyOn(SeqRouter.prototype, 'ownerOf')
    const accepted = jest.spyOn(Request.prototype, 'onFrame')
    for (const { seq } of [...peer.requests].reverse()) peer.reply(seq)
    await turn()
    expect(lookups).toHaveBeenCalledTimes(1000)
    expect(accepted).toHaveBeenCalledTimes(1000)
    expect(called).toEqual(Array.from({ length: 1000 }, (_, index) => 999 - index))
  })

  it('calls back once for each record of a stream, however many streams there are', async () => {
    let delivered = 0
    for (let index = 0; index < 100; index++)
      connection.stream('user').subscribe({ next: () => delivered++, error })
    await turn()
    for (const { seq } of peer.requests) peer.reply(seq)
    await turn()
    const lookups = jest.spyOn(SeqRouter.prototype, 'ownerOf')
    const taken = jest.spyOn(Request.prototype, 'onCanonicalBody')
    const record = { Coalesce: false, Event: 'user', LTime: 7, Name: 'deploy', Payload: null }
    const one = peer.requests[50]?.seq ?? 0
    peer.send(Buffer.concat(Array.from({ length: 500 }, () => frame(one, record))))
    await turn()
    expect(lookups).toHaveBeenCalledTimes(500)
    expect(taken).toHaveBeenCalledTimes(500)
    expect(delivered).toBe(500)
  })
})
