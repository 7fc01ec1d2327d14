import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { firstValueFrom, of, switchMap, take, tap } from 'rxjs'
import type { CommandTrace } from '../../lib/connection/tracing'
import { Connection, respond } from 'serfx'
import { observe } from '../support/observe/recording'
import { FakeAgent } from '../support/peers/fake-agent'
import { virtualClient } from '../support/peers/virtual-client'
import { settle } from '../support/time/settle'
import { valueOf } from '../support/observe/values'

const commands = tracingChannel<CommandTrace>('serfx:command')
const record = { Event: 'user', Name: 'n', LTime: 1, Payload: Buffer.from('secret'), Coalesce: true }

/**
 * What is published while it is in scope: the name of each message, with a copy of its context and the
 * context itself.
 */
function listen() {
  const told: string[] = []
  const contexts = new Set<CommandTrace>()
  const tell = (name: string) => (context: CommandTrace) => {
    contexts.add(context)
    told.push(`${name} ${context.command}${context.outcome === undefined ? '' : ` ${context.outcome}`}`)
  }
  const handlers = {
    start: tell('start'),
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: tell('asyncEnd'),
    error: tell('error'),
  }
  commands.subscribe(handlers)
  return { told, contexts, [Symbol.dispose]: () => commands.unsubscribe(handlers) }
}

/** The messages of a plain channel. */
function hear(name: string) {
  const messages: unknown[] = []
  const listener = (message: unknown): void => void messages.push(message)
  subscribe(name, listener)
  return { messages, [Symbol.dispose]: () => void unsubscribe(name, listener) }
}

describe.each(['Connection', 'Client'])('serfx:command of a %s', (kind) => {
  function setUp() {
    if (kind === 'Client') {
      const { client, agent } = virtualClient()
      return { commander: client, agent, address: 'agent:1' }
    }
    const agent = new FakeAgent()
    const commander = new Connection({ host: 'agent', port: 1, socket: agent.dial })
    return { commander, agent, address: 'agent:1' }
  }

  it('tells the start, and one end, of each command, with one object', async () => {
    using trace = listen()
    const { commander, address } = setUp()
    const members$ = commander.members()
    expect(trace.told).toEqual([])
    observe(members$)
    observe(members$)
    expect(trace.told).toEqual(['start members', 'start members'])
    await settle()
    expect(trace.told.slice(2)).toEqual(['asyncEnd members completed', 'asyncEnd members completed'])
    expect([...trace.contexts]).toEqual(
      Array(2).fill({ command: 'members', address, values: 1, outcome: 'completed' }),
    )
    commander.close()
  })

  it('counts a command as completed when its subscriber unsubscribes at the reply', async () => {
    using trace = listen()
    const { commander } = setUp()
    await valueOf(commander.stats())
    expect(trace.told).toEqual(['start stats', 'asyncEnd stats completed'])
    commander.close()
  })

  it('tells an error before the end, and keeps it', async () => {
    using trace = listen()
    const { commander, agent } = setUp()
    agent.answers.set('event', () => ({ error: 'no' }))
    const failed = observe(commander.event('x', 'secret'))
    await settle()
    expect(trace.told).toEqual(['start event', 'error event errored', 'asyncEnd event errored'])
    const [context] = trace.contexts
    expect(context).toMatchObject({ values: 0, error: failed.error })
    expect(JSON.stringify(context)).not.toContain('secret')
    commander.close()
  })

  it('tells when it is unsubscribed, and how many values there were', async () => {
    using trace = listen()
    const { commander, agent } = setUp()
    const brief = observe(commander.stream('user').pipe(take(2)))
    await settle()
    for (let event = 0; event < 3; event++) agent.emit(record)
    await settle()
    expect(brief.values).toHaveLength(2)
    expect(trace.told).toEqual(['start stream', 'asyncEnd stream unsubscribed'])
    expect([...trace.contexts]).toMatchObject([{ values: 2 }])
    commander.close()
    await settle()
    expect(trace.told).toHaveLength(2)
  })

  it('tells that what is endless completes at the own end, and the rest errors', async () => {
    using trace = listen()
    const { commander, agent } = setUp()
    agent.silent.add('members')
    observe(commander.stream('user'))
    observe(commander.members())
    await settle()
    commander.close()
    await settle()
    expect(trace.told.slice(2).sort()).toEqual([
      'asyncEnd members errored',
      'asyncEnd stream completed',
      'error members errored',
    ])
  })

  it('delivers values in the async context of the subscription', async () => {
    using trace = listen()
    const storage = new AsyncLocalStorage<string>()
    const { commander } = setUp()
    await valueOf(commander.stats())
    const seen: (string | undefined)[] = []
    const nested$ = commander.members().pipe(
      tap(() => seen.push(storage.getStore())),
      switchMap(() => commander.stats()),
      tap(() => seen.push(storage.getStore())),
    )
    await Promise.all(['one', 'two'].map((name) => storage.run(name, () => firstValueFrom(nested$))))
    expect(seen.sort()).toEqual(['one', 'one', 'two', 'two'])
    expect(trace.contexts.size).toBe(5)
    commander.close()
  })

  it('runs with the stores that are bound to its start', async () => {
    using trace = listen()
    const storage = new AsyncLocalStorage<CommandTrace>()
    commands.start.bindStore(storage, (context) => context)
    const { commander } = setUp()
    const during = await valueOf(commander.members().pipe(switchMap(() => of(storage.getStore()))))
    expect(trace.contexts).toContain(during)
    commands.start.unbindStore(storage)
    commander.close()
  })

  it('does nothing without a subscriber of the channel', async () => {
    const { commander } = setUp()
    const runStores = jest.spyOn(commands.start, 'runStores')
    await valueOf(commander.members())
    expect(runStores).not.toHaveBeenCalled()
    runStores.mockRestore()
    commander.close()
  })
})

describe('serfx:command of a client with several addresses', () => {
  it('has the address of the connected agent at the end', async () => {
    using trace = listen()
    const { client } = virtualClient({ addresses: ['a:1', 'b:2'] })
    observe(client.members())
    expect([...trace.contexts]).toMatchObject([{ address: 'a:1, b:2' }])
    await settle()
    expect([...trace.contexts]).toMatchObject([{ address: 'a:1', outcome: 'completed' }])
    client.close()
  })
})

describe('serfx:command of a query event', () => {
  it('tells its answer', async () => {
    using trace = listen()
    const agent = new FakeAgent()
    using connection = new Connection({ host: 'agent', port: 1, socket: agent.dial })
    observe(connection.stream('query').pipe(respond(() => 'yes')))
    await settle()
    agent.emit({ Event: 'query', ID: 1, Name: 'q', LTime: 1, Payload: null })
    await settle()
    expect(trace.told).toEqual(['start stream', 'start respond', 'asyncEnd respond completed'])
  })
})

describe('serfx:connection and serfx:gap', () => {
  it('tell each status with its error, and each gap', async () => {
    using connections = hear('serfx:connection')
    using gaps = hear('serfx:gap')
    const { client, agent, clock } = virtualClient({ addresses: ['a:1', 'b:2'], authKey: 'secret' })
    observe(client.stream('user'))
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    agent.refusing = false
    await clock.pass(100)
    client.close()
    const addresses = ['a:1', 'b:2']
    expect(connections.messages).toEqual([
      { addresses, status: 'connecting' },
      { addresses, status: 'ready' },
      { addresses, status: 'reconnecting', error: expect.objectContaining({ code: 'CONNECTION_LOST' }) },
      { addresses, status: 'ready' },
      { addresses, status: 'closed' },
    ])
    expect(gaps.messages).toEqual([{ addresses, reason: 'reconnected', at: expect.any(Date) }])
    expect(JSON.stringify([connections.messages, gaps.messages])).not.toContain('secret')
    expect(channel('serfx:gap').hasSubscribers).toBe(true)
  })
})
