import { firstValueFrom } from 'rxjs'
import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

describe('the connection of a client', () => {
  it('is dialled by the first subscription, once for all', async () => {
    const { client, agent, status, clock } = virtualClient()
    const members$ = client.members()
    await settle()
    expect(agent.dials).toBe(0)
    const replies = [observe(members$), observe(members$), observe(client.stats())]
    observe(client.stream('user'))
    expect(status.values).toEqual(['idle', 'connecting'])
    await settle()
    expect(agent.dials).toBe(1)
    expect(replies.every(({ completed }) => completed)).toBe(true)
    expect(status.values).toEqual(['idle', 'connecting', 'ready'])
    expect(agent.requests.map(({ command }) => command)).toEqual([
      'handshake',
      'members',
      'members',
      'stats',
      'stream',
    ])
    expect(clock.now()).toBe(0)
  })

  it('shows the key', async () => {
    const { client, agent } = virtualClient({ authKey: 'secret' })
    observe(client.stats())
    await settle()
    expect(agent.requests.slice(0, 2)).toMatchObject([
      { command: 'handshake' },
      { command: 'auth', body: { AuthKey: 'secret' } },
    ])
  })

  it('stays open, without holding the process, when nothing is subscribed', async () => {
    const { client, agent, clock, status } = virtualClient()
    const stream = observe(client.stream())
    await settle()
    const { socket } = agent
    expect(socket.held).toBe(true)
    observe(client.members())
    await settle()
    expect(socket.held).toBe(true)
    stream.unsubscribe()
    expect(socket.held).toBe(false)
    expect(clock.due({ held: true })).toEqual([])
    observe(client.members())
    expect(socket.held).toBe(true)
    await settle()
    expect(socket.held).toBe(false)
    expect(status.values.at(-1)).toBe('ready')
  })

  it('is not sought any more when nobody needs it', async () => {
    const { client, agent, clock, status } = virtualClient()
    agent.silent.add('handshake')
    observe(client.members()).unsubscribe()
    expect(status.values).toEqual(['idle', 'connecting', 'idle'])
    agent.silent.clear()
    const stream = observe(client.stream())
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    stream.unsubscribe()
    expect(status.values.slice(3)).toEqual(['connecting', 'ready', 'reconnecting', 'idle'])
    expect(clock.due({ held: true })).toEqual([])
    expect(agent.open).toHaveLength(0)
  })

  it('errors at once while there never was one', async () => {
    const { client, agent, status, clock } = virtualClient()
    agent.refusing = true
    const replies = [observe(client.members()), observe(client.event('x')), observe(client.stream())]
    for (const reply of replies) {
      expect(reply.error).toMatchObject({
        name: 'ConnectionError',
        code: 'ECONNREFUSED',
        address: 'agent:1',
        message: expect.stringContaining('is `serf agent` running'),
      })
    }
    expect(replies[0]?.error).toMatchObject({ message: expect.stringContaining('members: ') })
    expect(status.values).toEqual(['idle', 'connecting', 'idle', 'connecting', 'idle', 'connecting', 'idle'])
    expect(clock.due({ held: true })).toEqual([])
    agent.refusing = false
    await firstValueFrom(client.members())
  })

  it('is sought with doubling delays once there was one', async () => {
    const { client, agent, clock, status, gaps } = virtualClient()
    const stream = observe(client.stream('user'))
    await clock.pass(60_000)
    agent.refusing = true
    agent.drop()
    await settle()
    const dials = [agent.dials]
    for (const delay of [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]) {
      await clock.pass(delay - 1)
      dials.push(agent.dials)
      await clock.pass(1)
      dials.push(agent.dials)
    }
    expect(dials).toEqual([1, ...Array.from({ length: 9 }, (_, index) => [index + 1, index + 2]).flat()])
    expect(status.values.slice(2)).toEqual(['ready', 'reconnecting'])
    agent.refusing = false
    await clock.pass(10_000)
    expect(status.values.at(-1)).toBe('ready')
    agent.emit({ Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true })
    await settle()
    expect(stream).toMatchObject({ values: [{ name: 'n' }], error: undefined })
    expect(gaps.values).toMatchObject([{ reason: 'reconnected', at: expect.any(Date) }])
    // It holds for longer than the last delay: the next loss begins with the first delay again.
    await clock.pass(60_000)
    agent.drop()
    await clock.pass(100)
    expect(status.values.slice(-2)).toEqual(['reconnecting', 'ready'])
  })

  it('backs off from an agent that accepts and dies at once', async () => {
    const { client, agent, clock } = virtualClient()
    observe(client.stream())
    await settle()
    for (const delay of [100, 200, 400, 800]) {
      const { dials } = agent
      agent.drop()
      await clock.pass(delay - 1)
      expect(agent.dials).toBe(dials)
      await clock.pass(1)
      expect(agent.dials).toBe(dials + 1)
    }
  })

  it('is given up when the retries are spent, and sought anew by the next who needs it', async () => {
    const { client, agent, clock, status } = virtualClient({ reconnect: { maxRetries: 3 } })
    const stream = observe(client.stream())
    await settle()
    agent.refusing = true
    agent.drop()
    await clock.pass(100 + 200)
    expect(stream.error).toBeUndefined()
    const waiting = observe(client.event('x'))
    await clock.pass(400)
    for (const { error } of [stream, waiting]) {
      expect(error).toMatchObject({ name: 'ConnectionError', message: expect.stringContaining('maxRetries') })
    }
    expect(status.values.slice(2)).toEqual(['ready', 'reconnecting', 'idle'])
    expect(clock.due({ held: true })).toEqual([])
    agent.refusing = false
    await firstValueFrom(client.members())
    expect(status.values.slice(4)).toEqual(['idle', 'connecting', 'ready'])
  })

  it('with reconnect: false a loss errors everything, and the next subscription dials anew', async () => {
    const { client, agent, status, clock } = virtualClient({ reconnect: false })
    agent.silent.add('members')
    const lost = [observe(client.stream()), observe(client.members())]
    await settle()
    agent.drop()
    await settle()
    for (const { error } of lost) expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(status.values).toEqual(['idle', 'connecting', 'ready', 'idle'])
    expect(clock.due({ held: true })).toEqual([])
    await firstValueFrom(client.stats())
    agent.drop()
    agent.refusing = true
    await settle()
    expect(observe(client.stats()).error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('with waitOnFirstConnect the first one is waited for, and is no gap', async () => {
    const { client, agent, clock, status, gaps } = virtualClient({ waitOnFirstConnect: true, timeout: 5_000 })
    agent.refusing = true
    const endless = [client.stream('user'), client.monitor(), client.membership()].map(observe<unknown>)
    const late = [client.members(), client.event('x'), client.query('q'), client.join('a')].map(
      observe<unknown>,
    )
    await clock.pass(4_999)
    expect(status.values).toEqual(['idle', 'connecting', 'reconnecting'])
    expect(late.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(1)
    for (const { error } of late) {
      expect(error).toMatchObject({
        name: 'TimeoutError',
        message: expect.stringContaining('not sent'),
        cause: { code: 'ECONNREFUSED' },
      })
    }
    await clock.pass(600_000)
    const inTime = [client.members(), client.event('y')].map(observe<unknown>)
    agent.refusing = false
    await clock.pass(4_999)
    // A dial was at most `maxDelay` away, which is longer than these could wait.
    expect(endless.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(5_001)
    expect(status.values).toEqual(['idle', 'connecting', 'reconnecting', 'ready'])
    expect(endless.every(({ ended }) => !ended)).toBe(true)
    expect(endless[2]?.values).toHaveLength(1)
    expect(agent.asked('stream')).toHaveLength(2)
    expect(agent.asked('monitor')).toHaveLength(1)
    expect(gaps.values).toEqual([])
    expect(inTime.every(({ ended }) => ended)).toBe(true)
  })

  it('with waitOnFirstConnect ends at maxRetries, and at once with a rejected key', async () => {
    const spent = virtualClient({ waitOnFirstConnect: true, reconnect: { maxRetries: 2 } })
    spent.agent.refusing = true
    const waiting = [spent.client.stream(), spent.client.members(), spent.client.membership()].map(
      observe<unknown>,
    )
    await spent.clock.pass(100 + 200)
    for (const { error } of waiting)
      expect(error).toMatchObject({ message: expect.stringContaining('maxRetries') })
    expect(spent.status.values).toEqual(['idle', 'connecting', 'reconnecting', 'idle'])
    const { client, agent, clock } = virtualClient({ waitOnFirstConnect: true, authKey: 'wrong' })
    agent.answers.set('auth', () => ({ error: 'Invalid authentication token' }))
    const rejected = observe(client.stream())
    await clock.pass(100_000)
    expect(rejected.error).toMatchObject({ code: 'INVALID_AUTH_TOKEN' })
    expect(agent.dials).toBe(1)
  })

  it('tries its addresses in turn, and names all that failed', () => {
    const { client, agent } = virtualClient({ addresses: ['a:1', 'b:2', 'c:3'] })
    agent.refusing = true
    expect(observe(client.members()).error).toMatchObject({
      code: 'ECONNREFUSED',
      address: 'a:1, b:2, c:3',
      message: expect.stringContaining('cannot connect to any of a:1, b:2, c:3'),
    })
    expect(agent.dials).toBe(3)
  })

  it('never tries a rejected key again', async () => {
    const { client, agent, status, clock } = virtualClient({ authKey: 'old' })
    const stream = observe(client.stream('user'))
    await settle()
    agent.answers.set('auth', () => ({ error: 'Invalid authentication token' }))
    agent.drop()
    await settle()
    const waiting = observe(client.event('x'))
    await clock.pass(100)
    for (const { error } of [stream, waiting]) {
      expect(error).toMatchObject({ name: 'RpcError', code: 'INVALID_AUTH_TOKEN' })
    }
    expect(status.values.slice(2)).toEqual(['ready', 'reconnecting', 'idle'])
    const { dials } = agent
    const later = observe(client.members())
    await clock.pass(100_000)
    expect(later.error).toMatchObject({ code: 'INVALID_AUTH_TOKEN' })
    expect(agent.dials).toBe(dials)
    expect(agent.open).toHaveLength(0)
  })

  it('lets commands that come meanwhile wait as long as their timeout', async () => {
    const { client, agent, clock } = virtualClient({ timeout: 5_000 })
    const stream = observe(client.stream())
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    const waiting = [observe(client.members()), observe(client.event('x')), observe(client.join('a'))]
    expect(clock.due({ held: true }).length).toBeGreaterThan(0)
    await clock.pass(4_999)
    expect(waiting.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(1)
    for (const { error } of waiting) {
      expect(error).toMatchObject({
        name: 'TimeoutError',
        message: expect.stringContaining('not sent, as there was no connection to agent:1'),
        cause: { code: 'ECONNREFUSED' },
      })
    }
    expect(stream.error).toBeUndefined()
    agent.refusing = false
    const late = observe(client.event('y'))
    await clock.pass(5_000)
    expect(late).toMatchObject({ completed: true })
    expect(agent.asked('event')).toMatchObject([{ body: { Name: 'y' } }])
  })

  it('sends reads again until their timeout has passed, and nothing else', async () => {
    const { client, agent, clock } = virtualClient({ timeout: 5_000, reconnect: { maxDelay: 0 } })
    for (const command of ['members', 'stats', 'get-coordinate', 'event', 'tags', 'query', 'force-leave']) {
      agent.silent.add(command)
    }
    const reads = [observe(client.members()), observe(client.stats()), observe(client.getCoordinate('a'))]
    const writes = [
      observe(client.event('e')),
      observe(client.tags({ a: 'b' })),
      observe(client.query('q')),
      observe(client.forceLeave('n')),
    ]
    await clock.pass(2_000)
    agent.drop()
    await clock.pass(0)
    for (const { error } of writes) expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
    await clock.pass(2_500)
    expect(reads.every(({ ended }) => !ended)).toBe(true)
    agent.silent.delete('members')
    agent.drop()
    await clock.pass(0)
    expect(reads[0]).toMatchObject({ completed: true, values: [[]] })
    await clock.pass(500)
    for (const { error } of reads.slice(1)) expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(['members', 'stats', 'event', 'tags', 'query'].map((name) => agent.asked(name).length)).toEqual([
      3, 3, 1, 1, 1,
    ])
  })

  it('fails a read for good over a reply that is not the protocol, while streams go on', async () => {
    const { client, agent, clock, status } = virtualClient({ maxFrameBytes: 1_000 })
    const stream = observe(client.stream())
    agent.answers.set('members', () => ({ body: { Members: ['x'.repeat(2_000)] } }))
    const members = observe(client.members())
    await clock.pass(1_000)
    expect(members.error).toMatchObject({ name: 'ProtocolError' })
    expect(agent.asked('members')).toHaveLength(1)
    expect(stream.error).toBeUndefined()
    expect(agent.asked('stream')).toHaveLength(2)
    expect(status.values.slice(2)).toEqual(['ready', 'reconnecting', 'ready'])
  })

  it('lets callbacks of errors and of the status subscribe anew', async () => {
    const { client, agent, clock, status } = virtualClient()
    const inner: ReturnType<typeof observe>[] = []
    agent.silent.add('event')
    client.event('x').subscribe({ error: () => inner.push(observe(client.members())) })
    const watching = client.status$.subscribe((now) => {
      if (inner.length < 10) inner.push(observe(client.stats()))
      if (now === 'ready') inner.push(observe(client.stream('user')))
    })
    await settle()
    agent.drop()
    await clock.pass(1_000)
    watching.unsubscribe()
    expect(inner.length).toBeGreaterThan(4)
    expect(inner.every(({ error }) => error === undefined)).toBe(true)
    expect(status.values).toEqual(['idle', 'connecting', 'ready', 'reconnecting', 'ready'])
  })
})
