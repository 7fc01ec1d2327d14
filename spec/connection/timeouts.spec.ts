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
import { frame, header } from '../support/wire/pack'
import { MemoryPeer } from '../support/peers/memory-peer'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'

/** A channel over a socket that answers what the spec says when it says so, in virtual time. */
function scene(options: ConnectionOptions = {}) {
  const clock = new ManualClock()
  const peer = new MemoryPeer()
  const channel = new Channel(
    resolveOptions({ ...options, host: 'h', port: 1, socket: peer.dial }, {}),
    clock,
  )
  const send = async (...frames: Buffer[]) => {
    peer.send(Buffer.concat(frames))
    await settle()
  }
  return { clock, peer, channel, send }
}

const expectTimeout = ({ error }: Recording<unknown>, command: string, limit: number) => {
  expect(error).toMatchObject({ name: 'TimeoutError', code: 'TIMEOUT' })
  expect(String(error)).toContain(`${command}: no reply from h:1 within ${limit} ms`)
}

describe('timeouts, in virtual time', () => {
  test('a reply may take `timeout`; only the silent request errors, and a late reply is passed over', async () => {
    const { clock, channel, send } = scene({ timeout: 1_000 })
    const slow = observe(channel.run(statsCall()))
    await settle()
    await clock.pass(500)
    const fast = observe(channel.run(membersCall()))
    await settle()
    await clock.pass(499)
    expect(slow.ended).toBe(false)
    await clock.pass(1)
    expectTimeout(slow, 'stats', 1_000)
    await send(frame(1, { agent: { name: 'late' } }), frame(2, { Members: [] }))
    expect(fast).toMatchObject({ values: [[]], completed: true })
    expect(channel.closed).toBe(false)
    channel.close()
    expect(clock.due()).toEqual([])
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
      await settle()
      await clock.pass(own)
      expectTimeout(stats, 'stats', own)
      await clock.pass(others - own)
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
    await settle()
    expect(clock.due()).toEqual([])
    await clock.pass(1e9)
    expect(all.map(({ ended }) => ended)).toEqual([false, false, false])
    channel.close()
  })

  test('a stream has a limit for its reply, none for its records; overdue, it is stopped', async () => {
    const { clock, channel, send, peer } = scene({ timeout: 1_000 })
    const good = observe(channel.run(streamCall('user')))
    const silent = observe(channel.run(streamCall('query')))
    await settle()
    await send(header(1))
    await clock.pass(1e9)
    expect(good.ended).toBe(false)
    expectTimeout(silent, 'stream', 1_000)
    await settle()
    expect(peer.asked('stop')).toMatchObject([{ body: { Stop: 2 } }])
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
    await settle()
    await clock.pass(999)
    await send(header(1), frame(1, { Type: 'response', From: 'a', Payload: null }))
    await clock.pass(grace - 1)
    expect(query.ended).toBe(false)
    await clock.pass(1)
    expect(query).toMatchObject({ completed: true, error: undefined })
    expect(clock.due({ held: true })).toEqual([])
    channel.close()
  })

  test('a query that is not even accepted errors', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    const query = observe(channel.run(queryCall('q', '', { timeout: 60_000 })))
    await settle()
    await clock.pass(1_000)
    expectTimeout(query, 'query', 1_000)
  })

  test('requests that are sent again as they expire leave no timer behind', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    const again: Recording<unknown>[] = []
    for (let index = 0; index < 30; index++) {
      channel.run(statsCall()).subscribe({ error: () => again.push(observe(channel.run(statsCall()))) })
    }
    await settle()
    await clock.pass(1_000)
    expect(again).toHaveLength(30)
    await settle()
    expect(clock.due()).toHaveLength(1)
    for (const recording of again) recording.unsubscribe()
    expect(clock.due({ held: true })).toEqual([])
    await clock.pass(10_000)
    expect(clock.due()).toEqual([])
  })

  test('close() from the error of one that expired: the others are CLOSED, no timer is left', async () => {
    const { clock, channel } = scene({ timeout: 1_000 })
    channel.run(statsCall()).subscribe({ error: () => channel.close() })
    const other = observe(channel.run(membersCall()))
    await settle()
    await clock.pass(1_000)
    expect(other.error).toMatchObject({ code: 'CLOSED' })
    expect(clock.due()).toEqual([])
  })

  test('answers of a socket that answers within write', async () => {
    const clock = new ManualClock()
    const peer = MemoryPeer.greeting()
    const channel = new Channel(resolveOptions({ host: 'h', socket: peer.dial }, {}), clock)
    const handshake = observe(channel.run(handshakeCall()))
    await settle()
    expect(handshake).toMatchObject({ values: [undefined], completed: true })
    expect(clock.due({ held: true })).toEqual([])
    channel.close()
    expect(clock.due()).toEqual([])
  })
})
