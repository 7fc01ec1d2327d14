import { merge } from 'rxjs'
import type { Connection, EventFilter, SerfEvent } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { oddNames } from '../support/agents/odd-names'
import { listening, type Recording } from '../support/observe/recording'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('stream, on $kind', ({ start }) => {
  let agent: Agent
  let newcomer: Agent
  let connection: Connection
  let other: Connection

  beforeAll(async () => {
    ;[agent, newcomer] = await Promise.all([
      start({ name: 'watcher', authKey: 'key' }),
      start({ name: 'newcomer', tags: { role: 'web' } }),
    ])
    ;[connection, other] = await Promise.all([opened(agent), opened(agent)])
  })
  afterAll(async () => {
    connection.close()
    other.close()
    await stopAll(agent, newcomer)
  })

  const title = (event: SerfEvent) =>
    'name' in event
      ? `${event.type} ${event.name}`
      : `${event.type} ${event.members.map(({ name }) => name).join()}`

  const titles = ({ values }: Recording<SerfEvent>) => values.map(title)

  /** Two queries and two user events, what a filter keeps out before what it lets through. */
  const fireAll = () =>
    valuesOf(
      merge(
        other.query('unasked', 'q1', { timeout: 100 }),
        other.event('unasked', 'u1', { coalesce: false }),
        other.query('wanted', 'q2', { timeout: 100 }),
        other.event('wanted', 'u2', { coalesce: false }),
      ),
    )

  it.each<{ filter: EventFilter | readonly EventFilter[]; expected: string[] }>([
    { filter: 'user', expected: ['user unasked', 'user wanted'] },
    { filter: 'user:wanted', expected: ['user wanted'] },
    { filter: 'query', expected: ['query unasked', 'query wanted'] },
    { filter: 'query:wanted', expected: ['query wanted'] },
    { filter: ['query:wanted', 'user:wanted'], expected: ['query wanted', 'user wanted'] },
    { filter: ['user', 'query:wanted'], expected: ['user unasked', 'query wanted', 'user wanted'] },
    { filter: ['member-failed', 'user:wanted'], expected: ['user wanted'] },
    { filter: ['user:*', 'user:want', 'user:wanted'], expected: ['user wanted'] },
    { filter: ['user:wanted', 'user:wanted'], expected: ['user wanted'] },
  ])('delivers what $filter selects', async ({ filter, expected }) => {
    using stream = await listening(connection, connection.stream(filter))

    await fireAll()

    await until(expected.join(', '), () => stream.values.length >= expected.length)
    expect(titles(stream)).toEqual(expected)
  })

  it.each(oddNames.filter((name) => !name.includes(',')))('can be of the name %j alone', async (name) => {
    using stream = await listening(connection, connection.stream(`user:${name}`))

    await valueOf(other.event('another', '', { coalesce: false }))
    await valueOf(other.event(name, '', { coalesce: false }))

    await stream.find('the event')
    expect(titles(stream)).toEqual([`user ${name}`])
  })

  it('delivers user events and queries with all their fields', async () => {
    using stream = await listening(connection, connection.stream(['user', 'query']))

    await fireAll()

    const query = await stream.find('the query', ({ type }) => type === 'query')
    const user = await stream.find('the event', ({ type }) => type === 'user')
    expect(query).toEqual({
      type: 'query',
      name: 'unasked',
      ltime: expect.any(Number),
      payload: Buffer.from('q1'),
      id: expect.any(Number),
    })
    expect(query).toHaveProperty('text', 'q1')
    expect(query).toHaveProperty('respond', expect.any(Function))
    expect(user).toEqual({
      type: 'user',
      name: 'unasked',
      ltime: expect.any(Number),
      payload: Buffer.from('u1'),
      coalesce: false,
    })
    expect(user).toHaveProperty('text', 'u1')
  })

  it('has an id of its own for each query', async () => {
    using stream = await listening(connection, connection.stream('query'))

    await fireAll()

    await stream.find('the second query', ({ name }) => name === 'wanted')
    const [first, second] = stream.values
    expect(second?.id).not.toBe(first?.id)
    expect(second?.ltime).toBeGreaterThan(first?.ltime ?? NaN)
  })

  it('carries any bytes in a query, and an empty Buffer where there are none', async () => {
    using stream = await listening(connection, connection.stream('query'))
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)

    await valuesOf(other.query('bytes', bytes, { timeout: 100 }))
    await valuesOf(other.query('none', undefined, { timeout: 100 }))

    expect(await stream.find('the query with', ({ name }) => name === 'bytes')).toMatchObject({
      payload: Buffer.from(bytes),
    })
    expect(await stream.find('the query without', ({ name }) => name === 'none')).toMatchObject({
      payload: Buffer.alloc(0),
      text: '',
    })
  })

  it('serves several streams of one connection, each with its own filter, among other commands', async () => {
    using users = await listening(connection, connection.stream('user:wanted'))
    using queries = await listening(connection, connection.stream('query:wanted'))
    using both = await listening(connection, connection.stream(['user:wanted', 'query:wanted']))

    await fireAll()
    expect(await valueOf(connection.members())).toHaveLength(1)

    await until('all streams', () => users.values[0] && queries.values[0] && both.values[1])
    expect([users, queries, both].map(titles)).toEqual([
      ['user wanted'],
      ['query wanted'],
      ['query wanted', 'user wanted'],
    ])
  })

  it('is two streams when it is subscribed twice', async () => {
    const stream$ = connection.stream('user:wanted')
    using first = await listening(connection, stream$)
    using second = await listening(connection, stream$)

    await fireAll()

    await until('both streams', () => first.values[0] && second.values[0])
    first.unsubscribe()
    await fireAll()
    await until('the one that goes on', () => second.values.length === 2)
    expect(first.values).toHaveLength(1)
  })

  it('delivers nothing from before it was opened', async () => {
    await fireAll()
    using stream = await listening(connection, connection.stream('user'))

    await valueOf(other.event('since', undefined, { coalesce: false }))

    await stream.find('the event since', ({ name }) => name === 'since')
    expect(titles(stream)).toEqual(['user since'])
  })

  it('delivers everything without a filter, and only the selected member events with one', async () => {
    using all = await listening(connection, connection.stream())
    using joins = await listening(connection, connection.stream('member-join'))
    using updates = await listening(connection, connection.stream('member-update'))
    using mixed = await listening(connection, connection.stream(['member-join', 'member-update']))
    using others = await listening(
      connection,
      connection.stream(['member-leave', 'member-failed', 'member-reap', 'user:the end']),
    )

    await fireAll()
    await valueOf(other.join(newcomer.gossip))
    // An agent tells of changes of members 1 to 3 s later.
    const ofNewcomer = (event: SerfEvent) => title(event).includes('newcomer')
    const joined = await joins.find('the newcomer', ofNewcomer)
    await valueOf(other.tags({ role: 'watcher' }))
    const updated = await updates.find('the new tag', ({ members }) =>
      members.some(({ tags }) => tags['role'] === 'watcher'),
    )
    await valueOf(other.event('the end', undefined, { coalesce: false }))
    await others.find('the end')

    expect(joined.type).toBe('member-join')
    expect(joined.members.find(({ name }) => name === 'newcomer')).toEqual({
      name: 'newcomer',
      addr: '127.0.0.1',
      port: Number(newcomer.gossip.split(':')[1]),
      tags: { role: 'web' },
      status: 'alive',
      protocolMin: expect.any(Number),
      protocolMax: expect.any(Number),
      protocolCur: expect.any(Number),
      delegateMin: expect.any(Number),
      delegateMax: expect.any(Number),
      delegateCur: expect.any(Number),
    })
    expect(updated.type).toBe('member-update')
    await until('all of them', () => titles(all).includes('user the end'))
    expect(titles(all).slice(0, 4)).toEqual(['query unasked', 'user unasked', 'query wanted', 'user wanted'])
    expect(titles(all)).toContain(title(joined))
    expect(titles(all)).toContain(title(updated))
    await until('both types', () => mixed.values.some(({ type }) => type === 'member-update'))
    expect(new Set(mixed.values.map(({ type }) => type))).toEqual(new Set(['member-join', 'member-update']))
    expect(new Set(joins.values.map(({ type }) => type))).toEqual(new Set(['member-join']))
    expect(titles(others)).toEqual(['user the end'])
  })

  it.each(['member', 'member-*', 'Member-join', 'deploy', 'USER', ' user', 'query ', '*user'])(
    'is refused for the unknown filter %j, and the connection goes on',
    async (filter) => {
      const refusal = await refusalOf(agent, connection.stream(filter as EventFilter))

      expect(refusal).toMatchObject({ code: 'INVALID_FILTER', command: 'stream', body: undefined })
      expect(refusal.message).toContain('Invalid event filter')
      expect(await valueOf(connection.stats())).toMatchObject({ agent: { name: 'watcher' } })
    },
  )

  it('is refused at the call for a filter with a comma', () => {
    expect(() => connection.stream('user:a,b')).toThrow(TypeError)
    expect(() => connection.stream('user:a,b')).toThrow('comma')
    expect(() => connection.stream([])).toThrow(TypeError)
    expect(() => connection.stream('' as EventFilter)).toThrow(TypeError)
  })
})
