import { inspect } from 'node:util'
import fc from 'fast-check'
import { retry, tap } from 'rxjs'
import { type Client, type ClientStatus, createClient } from 'serfx'
import { LEGAL_TRANSITIONS } from '../../lib/client/status'
import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

const CLOSED = { name: 'ConnectionError', code: 'CLOSED', message: expect.stringContaining('the client') }

/** Brings a new client into each status that it can be in. */
const states: Record<
  Exclude<ClientStatus, 'closed'>,
  (set: ReturnType<typeof virtualClient>) => Promise<void>
> = {
  idle: () => Promise.resolve(),
  connecting: async ({ agent, client }) => {
    agent.silent.add('handshake')
    client.stream('query').subscribe({ error: () => undefined })
    await settle()
  },
  ready: async ({ client }) => {
    client.stream('query').subscribe({ error: () => undefined })
    await settle()
  },
  reconnecting: async ({ agent, client }) => {
    client.stream('query').subscribe({ error: () => undefined })
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
  },
}

describe.each(Object.entries(states))('a client that is %s', (name, reach) => {
  it('errors what waits for an answer when it is closed, completes the rest, and leaves no timer or socket', async () => {
    const set = virtualClient({ heartbeat: 1_000 })
    const { client, agent, clock, status, gaps } = set
    await reach(set)
    expect(status.values.at(-1)).toBe(name)
    agent.silent.add('members').add('event').add('query').add('monitor').add('join')
    const idle = name === 'idle'
    const owing = idle
      ? []
      : [client.members(), client.event('x'), client.query('q'), client.join('a')].map(observe<unknown>)
    const endless = idle
      ? []
      : [client.stream('user'), client.monitor(), client.membership()].map(observe<unknown>)
    await settle()
    client.close()
    client.close()
    for (const { error } of owing) expect(error).toMatchObject(CLOSED)
    for (const one of endless) expect(one).toMatchObject({ completed: true, error: undefined })
    expect(status).toMatchObject({ completed: true })
    expect(status.values.at(-1)).toBe('closed')
    expect(gaps.completed).toBe(true)
    expect(observe(client.status$)).toMatchObject({ values: ['closed'], completed: true })
    expect(observe(client.gaps$).completed).toBe(true)
    const later = [
      client.members(),
      client.query('q'),
      client.query('q', '', { filterNodes: [] }),
      client.queryProgress('q', '', { filterNodes: [] }),
      client.stream(),
      client.monitor(),
      client.membership(),
      client.leave(),
      client.nearest(),
    ].map(observe<unknown>)
    await clock.pass(0)
    for (const { error } of later) expect(error).toMatchObject(CLOSED)
    expect(agent.open).toHaveLength(0)
    expect(clock.due()).toEqual([])
  })

  it('ends with leave()', async () => {
    const set = virtualClient()
    const { client, agent, clock, status } = set
    await reach(set)
    const pending = observe(client.stream('user'))
    const leaving = [observe(client.leave()), observe(client.leave())]
    agent.refusing = false
    agent.silent.clear()
    if (name === 'connecting') for (const connection of agent.open) connection.reply(1)
    await clock.pass(20_000)
    for (const one of leaving) expect(one).toMatchObject({ values: [undefined], completed: true })
    expect(agent.asked('leave')).toHaveLength(1)
    expect(pending).toMatchObject({ completed: true, error: undefined })
    const later = observe(client.members())
    await clock.pass(0)
    expect(later.error).toMatchObject({ code: 'CLOSED', message: expect.stringContaining('leave()') })
    expect(status.values.at(-1)).toBe('closed')
    expect(agent.open).toHaveLength(0)
    expect(clock.due()).toEqual([])
  })
})

describe('client', () => {
  it('continues when the agent refuses to leave', async () => {
    const { client, agent, status } = virtualClient()
    agent.answers.set('leave', () => ({ error: 'Leave already in progress' }))
    const leaving = observe(client.leave())
    await settle()
    expect(leaving.error).toMatchObject({ name: 'RpcError', code: 'AGENT_ERROR' })
    const members = observe(client.members())
    await settle()
    expect(members.completed).toBe(true)
    expect(status.values.at(-1)).toBe('ready')
  })

  it('can be closed within any callback', async () => {
    for (const moment of ['connecting', 'ready', 'reconnecting'] as const) {
      const { client, agent, clock, status } = virtualClient()
      client.status$.subscribe((now) => {
        if (now === moment) client.close()
      })
      agent.silent.add('event')
      const stream = observe(client.stream())
      const owing = observe(client.event('x'))
      await settle()
      agent.drop()
      await clock.pass(1_000)
      expect(owing.error).toMatchObject({ name: 'ConnectionError' })
      expect(stream).toMatchObject({ completed: true, error: undefined })
      expect(status.values.slice(-2)).toEqual([moment, 'closed'])
      expect(agent.open).toHaveLength(0)
      expect(clock.due()).toEqual([])
    }
    const { client } = virtualClient()
    const stream = observe(client.stream())
    client.members().subscribe(() => client.close())
    await settle()
    expect(stream.completed).toBe(true)
  })

  it('errors retry() in another turn after close(), so that the stack does not overflow', async () => {
    const { client, clock } = virtualClient()
    client.close()
    let tries = 0
    const retrying = client
      .members()
      .pipe(tap({ subscribe: () => tries++ }), retry())
      .subscribe()
    expect(tries).toBe(1)
    expect(clock.due({ held: true })).toEqual([0])
    retrying.unsubscribe()
    expect(clock.due()).toEqual([])
    const once = observe(client.members().pipe(retry(1)))
    expect(once.error).toBeUndefined()
    await clock.pass(0)
    expect(once.error).toMatchObject(CLOSED)
  })

  it('shows no key and no private fields', () => {
    const client = createClient({ authKey: 'secret', addresses: ['a:1', 'b:2'] })
    expect(inspect(client, { depth: 9, showHidden: true })).toBe('Client { a:1, b:2, idle }')
    expect(JSON.stringify(client)).not.toContain('secret')
  })

  it('closes when it is disposed, and has bound methods', () => {
    const client = createClient({ port: 1 })
    const { close, membership, nearest, status$ } = client
    expect(() => nearest(0)).toThrow(RangeError)
    expect(() => membership({ resync: -1 })).toThrow(RangeError)
    const status = observe(status$)
    client[Symbol.dispose]()
    close()
    expect(status).toMatchObject({ values: ['idle', 'closed'], completed: true })
  })

  it('neither dials nor keeps the process alive for status$ and gaps$', async () => {
    const { agent, clock } = virtualClient({ watchDrops: true, heartbeat: 1 })
    await clock.pass(100_000)
    expect(agent.dials).toBe(0)
    expect(clock.due()).toEqual([])
  })

  it('makes only legal transitions and leaves no timer or socket, for any sequence of events', async () => {
    type Act = (set: ReturnType<typeof virtualClient>, client: Client) => unknown
    const acts: Record<string, Act> = {
      read: (_, client) => observe(client.members()),
      write: (_, client) => observe(client.event('x')),
      stream: (_, client) => observe(client.stream('user')),
      brief: (_, client) => observe(client.stream('query')).unsubscribe(),
      monitor: (_, client) => observe(client.monitor()),
      pattern: (_, client) => observe(client.membersFiltered({ name: '(' })),
      drop: ({ agent }) => agent.drop(),
      refuse: ({ agent }) => (agent.refusing = true),
      admit: ({ agent }) => (agent.refusing = false),
      stall: ({ agent }) => agent.silent.add('members').add('handshake'),
      answer: ({ agent }) => agent.silent.clear(),
      wait: ({ clock }) => clock.pass(400),
      longer: ({ clock }) => clock.pass(12_000),
      settle,
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(acts)), { maxLength: 25 }), async (script) => {
        const set = virtualClient({ reconnect: { maxRetries: 3 }, heartbeat: 5_000 })
        const { client, status, agent, clock } = set
        for (const act of script) await acts[act]?.(set, client)
        client.close()
        await settle()
        status.values.reduce((from, to) => {
          expect(LEGAL_TRANSITIONS[from]).toContain(to)
          return to
        })
        expect(agent.open).toHaveLength(0)
        expect(clock.due()).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
