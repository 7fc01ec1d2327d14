import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'
import { queryEvent } from '../support/wire/wire-records'
import { valueOf } from '../support/observe/values'

describe('the connection of a client', () => {
  it('is dialled once, at the first subscription', async () => {
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

  it('sends the key', async () => {
    const { client, agent } = virtualClient({ authKey: 'secret' })
    observe(client.stats())
    await settle()
    expect(agent.requests.slice(0, 2)).toMatchObject([
      { command: 'handshake' },
      { command: 'auth', body: { AuthKey: 'secret' } },
    ])
  })

  it('stays open without keeping the process alive when nothing is subscribed', async () => {
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

  it('stops dialling when nothing is subscribed any more', async () => {
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

  it('is dialled again after a loss, with doubling delays', async () => {
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

  it('backs off from an agent that accepts connections and closes them at once', async () => {
    const { client, agent, clock } = virtualClient()
    observe(client.stream())
    await settle()
    for (const delay of [100, 200, 400, 800]) {
      const { dials } = agent
      agent.drop()
      await settle()
      expect(clock.due({ held: true })).toEqual([delay])
      await clock.pass(delay - 1)
      expect(agent.dials).toBe(dials)
      await clock.pass(1)
      expect(agent.dials).toBe(dials + 1)
    }
  })

  it('is given up when the retries are spent, and dialled again at the next subscription', async () => {
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
    await valueOf(client.members())
    expect(status.values.slice(4)).toEqual(['idle', 'connecting', 'ready'])
  })

  it.each([
    ['after a connection', false],
    ['after the retries were spent', true],
  ])('has all its retries again %s', async (_, spent) => {
    const { client, agent, clock, status } = virtualClient({ reconnect: { maxRetries: 3 } })
    const stream = observe(client.stream())
    await settle()
    agent.refusing = true
    agent.drop()
    await clock.pass(100 + 200 + (spent ? 400 : 0))
    expect(stream.ended).toBe(spent)
    agent.refusing = spent
    await clock.pass(400)
    const later = observe(client.stream('user'))
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    for (let dial = 1; dial <= 3; dial++) {
      expect(status.values.at(-1)).toBe('reconnecting')
      expect(later.error).toBeUndefined()
      await clock.pass(clock.due({ held: true })[0] ?? 0)
    }
    expect(later.error).toMatchObject({
      message: expect.stringContaining('the retries are used up (maxRetries: 3)'),
    })
    expect(status.values.at(-1)).toBe('idle')
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
    await valueOf(client.stats())
    agent.drop()
    agent.refusing = true
    await settle()
    expect(observe(client.stats()).error).toMatchObject({ code: 'ECONNREFUSED' })
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

  it('can be used again in callbacks of errors and of the status', async () => {
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

  it('is known to be lost in the callback of an answer that was lost with it', async () => {
    const { client, agent, clock } = virtualClient()
    agent.silent.add('respond')
    const inner: ReturnType<typeof observe>[] = []
    const again = () => inner.push(observe(client.event('x')))
    const queries = observe(client.stream('query'))
    await settle()
    agent.emit(queryEvent(1))
    await settle()
    queries.unsubscribe()
    // The stream lingers for 30 s. After that nothing but the answer learns that the connection was lost.
    await clock.pass(30_000)
    queries.values[0]?.respond('answer').subscribe({ error: again })
    await settle()
    agent.drop()
    await clock.pass(100)
    expect(inner).toMatchObject([{ completed: true, error: undefined }])
  })
})
