import { take } from 'rxjs'
import type { UserEvent } from 'serfx'
import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

const record = { Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true }

describe('shared streams', () => {
  it('are one stream at the agent for each filter', async () => {
    const { client, agent } = virtualClient()
    const seen = [1, 2, 3].map(() => observe(client.stream('user')))
    const other = observe(client.stream(['user', 'query']))
    await settle()
    expect(agent.asked('stream').map(({ body }) => body)).toEqual([{ Type: 'user' }, { Type: 'user,query' }])
    agent.emit(record)
    await settle()
    expect(seen.map(({ values }) => values[0])).toEqual(
      Array<UserEvent | undefined>(3).fill(seen[0]?.values[0]),
    )
    expect(seen[0]?.values[0]).toBe(seen[2]?.values[0])
    expect(other.values).toHaveLength(1)
  })

  it('are kept for 30 s after the last subscriber, without keeping the process alive', async () => {
    const { client, agent, clock } = virtualClient()
    const first = observe(client.stream('user'))
    await settle()
    first.unsubscribe()
    expect(clock.due({ held: true })).toEqual([])
    await clock.pass(29_999)
    const second = observe(client.stream('user'))
    agent.emit(record)
    await clock.pass(100_000)
    expect(second.values).toHaveLength(1)
    expect(agent.asked('stream')).toHaveLength(1)
    second.unsubscribe()
    await clock.pass(29_999)
    expect(agent.asked('stop')).toHaveLength(0)
    await clock.pass(1)
    expect(agent.asked('stop')).toMatchObject([{ body: { Stop: agent.asked('stream')[0]?.seq } }])
    observe(client.stream('user'))
    await settle()
    expect(agent.asked('stream')).toHaveLength(2)
  })

  it('without subscribers end with their connection, and cause no reconnect', async () => {
    const { client, agent, clock, status } = virtualClient()
    for (const filter of ['user', 'query', '*'] as const) {
      observe(client.stream(filter)).unsubscribe()
    }
    const streams = [observe(client.stream('user')), observe(client.stream('query'))]
    await settle()
    for (const stream of streams) stream.unsubscribe()
    const { dials } = agent
    agent.drop()
    await settle()
    expect(status.values.slice(-2)).toEqual(['ready', 'idle'])
    await clock.pass(100_000)
    expect(agent.dials).toBe(dials)
    expect(clock.due()).toEqual([])
  })

  it('never send a stop to a connection that did not have the stream', async () => {
    const { client, agent, clock } = virtualClient()
    const streams = Array.from({ length: 50 }, (_, index) => observe(client.stream(`user:${index}`)))
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    for (const stream of streams.slice(1)) stream.unsubscribe()
    agent.refusing = false
    await clock.pass(40_000)
    expect(agent.asked('stop')).toHaveLength(0)
    expect(agent.asked('stream')).toHaveLength(51)
    streams[0]?.unsubscribe()
    await clock.pass(40_000)
    expect(agent.asked('stop')).toHaveLength(1)
  })

  it('error for all subscribers when the agent refuses the filter, and can be subscribed again', async () => {
    const { client, agent } = virtualClient()
    agent.answers.set('stream', () => ({ error: 'Invalid event filter' }))
    const seen = [observe(client.stream('user')), observe(client.stream('user'))]
    await settle()
    for (const { error } of seen) expect(error).toMatchObject({ code: 'INVALID_FILTER' })
    agent.answers.delete('stream')
    const again = observe(client.stream('user'))
    await settle()
    agent.emit(record)
    await settle()
    expect(again.values).toHaveLength(1)
  })

  it('can be subscribed within a callback', async () => {
    const { client, agent } = virtualClient()
    const inner: ReturnType<typeof observe>[] = []
    client.stream('user').subscribe(() => inner.push(observe(client.stream('user').pipe(take(1)))))
    await settle()
    agent.emit(record)
    await settle()
    expect(inner[0]?.values).toHaveLength(0)
    agent.emit(record)
    await settle()
    expect(inner[0]).toMatchObject({ completed: true })
    expect(agent.asked('stream')).toHaveLength(1)
  })

  it('are set up again when the agent answers nothing after the handshake', async () => {
    const { client, agent, clock } = virtualClient()
    const stream = observe(client.stream('user'))
    await settle()
    agent.silent.add('stream')
    agent.drop()
    await clock.pass(100 + 10_000)
    agent.silent.clear()
    await clock.pass(1_000)
    expect(agent.asked('stream')).toHaveLength(3)
    agent.emit(record)
    await settle()
    expect(stream).toMatchObject({ values: [{ name: 'n' }], error: undefined })
  })

  it('error when the agent does not answer the first request', async () => {
    const { client, agent, clock } = virtualClient()
    agent.silent.add('stream')
    const stream = observe(client.stream('user'))
    await clock.pass(10_000)
    expect(stream.error).toMatchObject({ name: 'TimeoutError' })
  })
})
