import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { TestScheduler } from 'rxjs/testing'
import { TimeoutError } from 'serfx'
import { Channel } from '../../lib/connection/channel'
import { resolveOptions } from '../../lib/connection/options'
import {
  joinCall,
  keyCall,
  leaveCall,
  listKeysCall,
  membersCall,
  statsCall,
  streamCall,
} from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { rawCall } from '../../lib/protocol/raw-call'
import { frame } from '../support/wire/pack'
import { observe } from '../support/observe/recording'
import { ManualClock } from '../support/time/manual-clock'
import { MarbleClock } from '../support/time/marble-clock'
import { settle } from '../support/time/settle'

/** A socket that is being dialled until the spec says that it is open. */
function undecided(): Socket {
  const socket = new Socket()
  Object.defineProperty(socket, 'connecting', { value: true, configurable: true })
  return socket
}

function dialling(
  timeout: number,
  scene: (given: {
    channel: Channel
    socket: Socket
    clock: MarbleClock
    at: (time: number, action: () => void) => void
  }) => void,
): void {
  const scheduler = new TestScheduler(() => undefined)
  scheduler.run(() => {
    const clock = new MarbleClock(scheduler)
    const socket = undecided()
    const options = resolveOptions({ host: 'agent', timeout, socket: (): Duplex => socket }, {})
    scene({
      channel: new Channel(options, clock),
      socket,
      clock,
      at: (time, action) => void scheduler.schedule(action, time),
    })
  })
}

describe('a dial', () => {
  it('has the limit of every reply, and errors all that waits for it', () => {
    const errors: unknown[] = []
    dialling(250, ({ channel, socket, clock, at }) => {
      channel.run(membersCall()).subscribe({ error: (error: unknown) => errors.push(error) })
      at(100, () => channel.run(statsCall()).subscribe({ error: (error: unknown) => errors.push(error) }))
      at(249, () => expect(errors).toEqual([]))
      at(251, () => {
        expect(channel.closed).toBe(true)
        expect(socket.destroyed).toBe(true)
        expect(clock.due()).toEqual([])
      })
    })
    expect(errors).toEqual([expect.any(TimeoutError), expect.any(TimeoutError)])
    expect(errors[0]).toHaveProperty(
      'message',
      expect.stringMatching(/^members: cannot connect to agent:7373 within 250 ms/),
    )
    expect.assertions(6)
  })

  it('starts the time of replies when the requests are written', () => {
    const errors: string[] = []
    dialling(250, ({ channel, socket, clock, at }) => {
      channel
        .run(membersCall())
        .subscribe({ error: (error: unknown) => errors.push(`${clock.now()} ${String(error)}`) })
      at(200, () => {
        socket.emit('connect')
        expect(clock.due()).toEqual([450])
      })
    })
    expect(errors).toEqual([expect.stringMatching(/^450 TimeoutError: members: no reply/)])
    expect.assertions(2)
  })

  it('has no limit where 0 is given, and no timer', () => {
    dialling(0, ({ channel, socket, clock, at }) => {
      channel.run(membersCall()).subscribe({ error: () => undefined })
      expect(clock.due()).toEqual([])
      at(100, () => {
        socket.emit('connect')
        expect(clock.due()).toEqual([])
        channel.close()
      })
    })
    expect.assertions(2)
  })

  it.each<[string, (channel: Channel, socket: Socket) => void, unknown]>([
    ['closed', (channel) => channel.close(), expect.objectContaining({ code: 'CLOSED' })],
    [
      'refused',
      (_, socket) => socket.emit('error', Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
      expect.objectContaining({ code: 'ECONNREFUSED' }),
    ],
    [
      'answered',
      (_, socket) => {
        socket.emit('connect')
        socket.emit('data', frame(1, { Members: [] }))
      },
      [],
    ],
  ])('holds no timer once it is %s', (_, end, outcome) => {
    const outcomes: unknown[] = []
    dialling(250, ({ channel, socket, clock }) => {
      channel.run(membersCall()).subscribe({
        next: (members) => outcomes.push(members),
        error: (error: unknown) => outcomes.push(error),
      })
      expect(clock.due()).toEqual([250])
      end(channel, socket)
      expect(outcomes).toEqual([outcome])
      expect(clock.due({ held: true })).toEqual([])
      channel.close()
      expect(clock.due()).toEqual([])
    })
    expect.assertions(4)
  })

  it('goes on when all who waited have unsubscribed', () => {
    dialling(250, ({ channel, socket }) => {
      channel.run(membersCall()).subscribe().unsubscribe()
      expect(channel.closed).toBe(false)
      expect(socket.destroyed).toBe(false)
      channel.close()
    })
  })
})

describe('the time that a reply has', () => {
  const calls = {
    members: membersCall(),
    stats: statsCall(),
    stream: streamCall('*'),
    query: queryCall('q', undefined, { timeout: 60_000 }),
    join: joinCall('a'),
    leave: leaveCall(),
    'install-key': keyCall('install-key', 'k'),
    'use-key': keyCall('use-key', 'k'),
    'remove-key': keyCall('remove-key', 'k'),
    'list-keys': listKeysCall(),
    'no-such': rawCall('no-such'),
    'join, raw': rawCall('join'),
  }
  const slow = ['join', 'leave', 'install-key', 'use-key', 'remove-key', 'list-keys', 'join, raw']

  it.each(Object.entries(calls))('of %s', (name, call) => {
    for (const timeout of [undefined, 300, 0]) {
      const scheduler = new TestScheduler(() => undefined)
      scheduler.run(() => {
        const clock = new MarbleClock(scheduler)
        const socket = () => new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
        const channel = new Channel(resolveOptions({ host: 'agent', timeout, socket }, {}), clock)
        channel.run<unknown>(call).subscribe({ error: () => undefined })
        const limit = timeout ?? (slow.includes(name) ? 120_000 : 10_000)
        expect(clock.due({ held: true })).toEqual(limit === 0 ? [] : [limit])
        channel.close()
        expect(clock.due()).toEqual([])
      })
    }
  })
})

describe('a channel whose agent does not read', () => {
  it('counts the time that a request waits for the socket', async () => {
    let drain = () => {}
    const socket = new Duplex({
      highWaterMark: 1,
      read: () => undefined,
      write: (_chunk, _encoding, done) => (drain = done),
    })
    const clock = new ManualClock()
    const channel = new Channel(resolveOptions({ host: 'agent', socket: () => socket }, {}), clock)
    observe(channel.run(statsCall()))
    await settle()
    const [unsent, late] = [observe(channel.run(membersCall())), observe(channel.run(statsCall()))]
    await clock.pass(6_000)
    late.unsubscribe()
    const sent = observe(channel.run(statsCall()))
    await clock.pass(4_000)
    expect(unsent.error).toMatchObject({
      name: 'TimeoutError',
      message: expect.stringContaining('members: not sent within 10000 ms'),
    })
    drain()
    await clock.pass(5_999)
    expect(sent.error).toBeUndefined()
    await clock.pass(1)
    expect(sent.error).toMatchObject({ message: expect.stringContaining('no reply from agent:7373') })
    channel.close()
  })
})

describe('a channel that has ended', () => {
  it('errors each later call in a turn of its own, unless that is unsubscribed', async () => {
    const clock = new ManualClock()
    const channel = new Channel(resolveOptions({ host: 'agent' }, {}), clock)
    channel.close()
    expect(observe(channel.run(membersCall())).error).toMatchObject({ code: 'CLOSED' })
    const later = observe(channel.run(membersCall()))
    const unsubscribed = observe(channel.run(membersCall()))
    expect(later.error).toBeUndefined()
    expect(clock.due({ held: true })).toEqual([0, 0])
    unsubscribed.unsubscribe()
    expect(clock.due({ held: true })).toEqual([0])
    await clock.pass(0)
    expect(later.error).toMatchObject({ code: 'CLOSED' })
  })
})
