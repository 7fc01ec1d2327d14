import { Channel } from '../../lib/connection/channel'
import { type ConnectionOptions, resolveOptions } from '../../lib/connection/options'
import {
  handshakeCall,
  joinCall,
  membersCall,
  queryCall,
  rawCall,
  statsCall,
  streamCall,
} from '../../lib/protocol/calls'
import { observe, type Recording } from '../support/observe/recording'
import { reply } from '../support/peers/scripted-server'
import { SynchronousDuplex } from '../support/peers/synchronous-duplex'
import { VirtualClock } from '../support/time/virtual-clock'

const turn = () => new Promise<void>((resolve) => process.nextTick(resolve))

/** A channel over a socket that answers what the spec says when it says so, in virtual time. */
function scene(options: ConnectionOptions = {}) {
  const clock = new VirtualClock()
  const socket = new SynchronousDuplex()
  const channel = new Channel(
    resolveOptions({ ...options, host: 'h', port: 1, socket: () => socket }, {}),
    clock,
  )
  return { clock, socket, channel, send: (...frames: Buffer[]) => socket.deliver(Buffer.concat(frames)) }
}

const expectTimeout = ({ error }: Recording<unknown>, command: string, limit: number) => {
  expect(error).toMatchObject({ name: 'TimeoutError', code: 'TIMEOUT' })
  expect(String(error)).toContain(`${command}: no reply from h:1 within ${limit} ms`)
}

describe('timeouts, in virtual time', () => {
  test('a reply may take `timeout`; only the silent request errors, and a late reply is passed over', async () => {
    const { clock, channel, send } = scene({ timeout: 1_000 })
    const slow = observe(channel.run(statsCall()))
    await turn()
    clock.advance(500)
    const fast = observe(channel.run(membersCall()))
    await turn()
    clock.advance(499)
    expect(slow.ended).toBe(false)
    clock.advance(1)
    expectTimeout(slow, 'stats', 1_000)
    send(reply(1, { agent: { name: 'late' } }), reply(2, { Members: [] }))
    expect(fast).toMatchObject({ values: [[]], completed: true })
    expect(channel.closed).toBe(false)
    channel.close()
    expect(clock.pending).toBe(0)
  })

  test('the defaults: 10 s, and 120 s for what asks other nodes; with a timeout of your own, that for all', async () => {
    for (const [options, own, others] of [
      [{}, 10_000, 120_000],
      [{ timeout: 300 }, 300, 300],
    ] as const) {
      const { clock, channel } = scene(options)
      const stats = observe(channel.run(statsCall()))
      const join = observe(channel.run(joinCall('a:1')))
      const raw = observe(channel.run(rawCall('join', { Existing: ['a:1'] })))
      await turn()
      clock.advance(own)
      expectTimeout(stats, 'stats', own)
      clock.advance(others - own)
      expectTimeout(join, 'join', others)
      expectTimeout(raw, 'join', others)
    }
  })

  test('`timeout: 0` is none, for the dial and for replies', async () => {
    const { clock, channel } = scene({ timeout: 0 })
    const all = [
      observe(channel.run(statsCall())),
      observe(channel.run(joinCall('a:1'))),
      observe(channel.run(streamCall('*'))),
    ]
    await turn()
    expect(clock.pending).toBe(0)
    clock.advance(1e9)
    expect(all.map(({ ended }) => ended)).toEqual([false, false, false])
    channel.close()
  })

  test('a stream has a limit for its reply, none for its records; overdue, it is stopped', async () => {
    const { clock, channel, send, socket } = scene({ timeout: 1_000 })
    const good = observe(channel.run(streamCall('user')))
    const silent = observe(channel.run(streamCall('query')))
    await turn()
    send(reply(1))
    clock.advance(1e9)
    expect(good.ended).toBe(false)
    expectTimeout(silent, 'stream', 1_000)
    const before = socket.writes.length
    await turn()
    expect(Buffer.concat(socket.writes.slice(before)).toString('latin1')).toContain('stop')
    channel.close()
  })

  test.each([
    ['with a timeout of its own', queryCall('q', '', { timeout: 2_000 }), 3_000],
    ['with the default of the agent', queryCall('q'), 15_000],
    ['raw, with one', rawCall('query', { Name: 'q', Timeout: 2_000_000_000n }), 3_000],
    ['raw, without', rawCall('query', { Name: 'q' }), 15_000],
    ['raw, with one that no timer holds', rawCall('query', { Name: 'q', Timeout: 2n ** 62n }), 2 ** 31 - 1],
  ])('a query %s whose `done` never comes completes all the same', async (_name, call, grace) => {
    const { clock, channel, send } = scene({ timeout: 1_000 })
    const query = observe<unknown>(channel.run<unknown>(call))
    await turn()
    clock.advance(999)
    send(reply(1), reply(1, { Type: 'response', From: 'a', Payload: null }))
    clock.advance(grace - 1)
    expect(query.ended).toBe(false)
    clock.advance(1)
    expect(query).toMatchObject({ completed: true, error: undefined })
    expect(clock.held).toBe(0)
    channel.close()
  })

  test('a query that is not even accepted errors', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    const query = observe(channel.run(queryCall('q', '', { timeout: 60_000 })))
    await turn()
    clock.advance(1_000)
    expectTimeout(query, 'query', 1_000)
  })

  test('requests that are sent again as they expire leave no timer behind', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    const again: Recording<unknown>[] = []
    for (let index = 0; index < 30; index++) {
      channel.run(statsCall()).subscribe({ error: () => again.push(observe(channel.run(statsCall()))) })
    }
    await turn()
    clock.advance(1_000)
    expect(again).toHaveLength(30)
    await turn()
    expect(clock.pending).toBe(1)
    for (const recording of again) recording.unsubscribe()
    expect(clock.held).toBe(0)
    clock.advance(10_000)
    expect(clock.pending).toBe(0)
  })

  test('close() from the error of one that expired: the others are CLOSED, no timer is left', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    channel.run(statsCall()).subscribe({ error: () => channel.close() })
    const other = observe(channel.run(membersCall()))
    await turn()
    clock.advance(1_000)
    expect(other.error).toMatchObject({ code: 'CLOSED' })
    expect(clock.pending).toBe(0)
  })

  test('answers of a socket that answers within write', () => {
    const clock = new VirtualClock()
    const socket = new SynchronousDuplex((_written, self) => self.deliver(reply(1)))
    const channel = new Channel(resolveOptions({ host: 'h', socket: () => socket }, {}), clock)
    expect(observe(channel.run(handshakeCall()))).toMatchObject({ values: [undefined], completed: true })
    expect(clock.held).toBe(0)
    channel.close()
    expect(clock.pending).toBe(0)
  })
})
