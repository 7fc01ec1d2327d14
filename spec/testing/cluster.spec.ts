import { firstValueFrom } from 'rxjs'
import { connect, type Connection, type MemberEvent, type SerfEvent } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { listening, type Recording } from '../support/observe/recording'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

describe('the cluster of a TestAgent', () => {
  let agent: TestAgent
  let connection: Connection
  let events: Recording<SerfEvent>

  beforeEach(async () => {
    agent = await TestAgent.start({
      name: 'self',
      tags: { role: 'web' },
      members: [{ name: 'db', tags: { role: 'db' } }, {}, { name: 'old', status: 'left' }],
    })
    connection = await valueOf(connect({ host: agent.host, port: agent.port, authKey: '' }))
    events = await listening(connection, connection.stream())
  })
  afterEach(async () => {
    connection.close()
    await agent.stop()
  })

  const told = async (type: MemberEvent['type']) => {
    const event = await events.find(type, (candidate) => candidate.type === type)
    return (event as MemberEvent).members.map(({ name, status, tags }) => ({ name, status, tags }))
  }

  it('has the members of the options, with what was left out made up', async () => {
    expect(await valueOf(connection.members())).toMatchObject([
      { name: 'self', addr: '127.0.0.1', port: agent.port, status: 'alive', tags: { role: 'web' } },
      { name: 'db', addr: '10.0.0.1', port: 7946, status: 'alive', protocolCur: 2, delegateCur: 5 },
      { name: 'node-2', addr: '10.0.0.2', tags: {} },
      { name: 'old', status: 'left' },
    ])
  })

  it('changes as it is told, and tells', async () => {
    agent.join({ name: 'new', addr: 'fe80::7', tags: { zone: 'a' } })
    expect(await told('member-join')).toEqual([{ name: 'new', status: 'alive', tags: { zone: 'a' } }])
    agent.update('new', { zone: 'b' })
    expect(await told('member-update')).toEqual([{ name: 'new', status: 'alive', tags: { zone: 'b' } }])
    agent.fail('new')
    expect(await told('member-failed')).toEqual([{ name: 'new', status: 'failed', tags: { zone: 'b' } }])
    agent.leave('db')
    expect(await told('member-leave')).toEqual([{ name: 'db', status: 'left', tags: { role: 'db' } }])
    agent.reap('old')
    expect(await told('member-reap')).toEqual([{ name: 'old', status: 'left', tags: {} }])
    expect((await valueOf(connection.members())).map(({ name, status }) => `${name} ${status}`)).toEqual([
      'self alive',
      'db left',
      'node-2 alive',
      'new failed',
    ])
    expect(agent.members).toEqual(await valueOf(connection.members()))
  })

  it('lets a member come back as it was', async () => {
    agent.fail('db')
    await told('member-failed')
    agent.join({ name: 'db' })
    expect(await told('member-join')).toEqual([{ name: 'db', status: 'alive', tags: { role: 'db' } }])
  })

  it('tells nothing of a member that fails and is back at once', async () => {
    agent.fail('db')
    agent.join({ name: 'db' })
    agent.join({ name: 'new' })
    expect(await told('member-join')).toEqual([{ name: 'new', status: 'alive', tags: {} }])
    expect(events.values).toHaveLength(1)
  })

  it('takes the join of a member that is alive for an update, or for no news', async () => {
    agent.join({ name: 'node-2' })
    agent.join({ name: 'db', tags: { role: 'spare' } })
    expect(await told('member-update')).toEqual([{ name: 'db', status: 'alive', tags: { role: 'spare' } }])
    expect(events.values).toHaveLength(1)
  })

  it('gathers what happens at once, the last change of each member', async () => {
    agent.join({ name: 'a' })
    agent.join({ name: 'b' })
    agent.fail('a')
    agent.update('b', { n: '1' })
    agent.update('b', { n: '2' })
    await agent.drained()
    await until('both', () => events.values.length === 2)
    expect(events.values).toMatchObject([
      { type: 'member-failed', members: [{ name: 'a' }] },
      { type: 'member-update', members: [{ name: 'b', tags: { n: '2' } }] },
    ])
  })

  it('coalesces user events by name, and only those that may be', async () => {
    agent.userEvent('deploy', 'v1')
    agent.userEvent('deploy', 'v2')
    agent.userEvent('restart', 'now', { coalesce: false })
    await until('both', () => events.values.length === 2)
    expect(events.values).toMatchObject([
      { type: 'user', name: 'restart', ltime: 3, payload: Buffer.from('now'), coalesce: false },
      { type: 'user', name: 'deploy', ltime: 2, payload: Buffer.from('v2'), coalesce: true },
    ])
  })

  it('delivers each change at once without a quiescent period', async () => {
    await using hasty = await TestAgent.start({ quiescentPeriod: 0 })
    using other = await valueOf(connect({ host: hasty.host, port: hasty.port, authKey: '' }))
    using stream = await listening(other, other.stream())
    for (const name of ['a', 'b']) hasty.join({ name })
    hasty.userEvent('deploy')
    await until('all', () => stream.values.length === 3)
    expect(stream.values.map(({ type }) => type)).toEqual(['member-join', 'member-join', 'user'])
  })

  it('has a member that was leaving as left when it fails', async () => {
    agent.join({ name: 'lone', status: 'alive' })
    for (const name of ['db', 'node-2']) agent.fail(name)
    await valueOf(connection.forceLeave('lone'))
    agent.fail('lone')
    expect(await told('member-leave')).toEqual([{ name: 'lone', status: 'left', tags: {} }])
  })

  it('has members behind an address that it is told, with and without a port', async () => {
    agent.onJoin('10.0.0.9:7946', [{ name: 'one' }, { name: 'two' }])
    expect(await valueOf(connection.join(['10.0.0.9', 'any/10.0.0.9:7946']))).toBe(2)
    expect(await told('member-join')).toMatchObject([{ name: 'one' }, { name: 'two' }])
    expect(agent.members.map(({ name }) => name)).toEqual(['self', 'db', 'node-2', 'old', 'one', 'two'])
  })

  it('has nodes where they are placed, or nowhere', async () => {
    const coordinate = { vec: [0.01, 0, 0, 0, 0, 0, 0, 0], height: 0, adjustment: 0, error: 0.1 }
    agent.place('db', coordinate)
    agent.place('old', null)
    expect(await valueOf(connection.getCoordinate('db'))).toEqual(coordinate)
    expect(await valueOf(connection.getCoordinate('old'))).toBeNull()
    expect(await valueOf(connection.getCoordinate('self'))).toMatchObject({ error: 1.5 })
  })

  it("tells of each request in Serf's own names", async () => {
    const requests: unknown[] = []
    agent.requests$.subscribe((request) => requests.push(request))
    await valueOf(connection.event('deploy', 'v1', { coalesce: false }))
    expect(requests).toEqual([
      {
        command: 'event',
        seq: expect.any(Number),
        body: { Name: 'deploy', Payload: Buffer.from('v1'), Coalesce: false },
      },
    ])
  })

  it('tells the node itself of user events, whoever fires them', async () => {
    const seen: unknown[] = []
    agent.onUserEvent('deploy', (event) => void seen.push(event))
    agent.userEvent('deploy', 'v1', { coalesce: false })
    await valueOf(connection.event('deploy', 'v2', { coalesce: false }))
    await valueOf(connection.event('other', 'v3', { coalesce: false }))
    expect(seen).toEqual([
      { name: 'deploy', payload: Buffer.from('v1'), text: 'v1', ltime: 1, coalesce: false },
      { name: 'deploy', payload: Buffer.from('v2'), text: 'v2', ltime: 2, coalesce: false },
    ])
  })

  it('rejects stop with what a handler of user events has thrown', async () => {
    const other = await TestAgent.start()
    other.onUserEvent('deploy', () => Promise.reject(new Error('not today')))
    other.userEvent('deploy', undefined, { coalesce: false })
    await other.drained()
    await expect(other.stop()).rejects.toMatchObject({ cause: new Error('not today') })
    await other.stop()
  })

  it('refuses what makes no sense', () => {
    expect(() => agent.join({ nmae: 'x' } as never)).toThrow(
      'a member: there is no "nmae"; valid: name, addr',
    )
    expect(() => agent.onJoin('10.0.0.9:7946', [{ role: 'x' } as never])).toThrow(TypeError)
    expect(() => agent.userEvent('x', '', { coalesced: true } as never)).toThrow('there is no "coalesced"')
    expect(() => agent.userEvent('x', '', { coalesce: 'no' } as never)).toThrow('not "no"')
    expect(() => agent.disconnect('reset' as never)).toThrow('not "reset"')
    expect(() => agent.fail('nobody')).toThrow(RangeError)
    expect(() => agent.leave('self')).toThrow('the agent itself')
    expect(() => agent.reap('self')).toThrow(RangeError)
    expect(() => agent.join({ name: 'x', addr: 'localhost' })).toThrow(TypeError)
    expect(() => agent.join({ name: '' })).toThrow(TypeError)
    expect(() => agent.userEvent('big', 'x'.repeat(513))).toThrow('exceeds configured limit of 512 bytes')
  })

  it.each<[string, (agent: TestAgent) => unknown, string]>([
    ['join', (agent) => agent.join({ name: 'x', port: '1' } as never), 'the port of a member'],
    ['join', (agent) => agent.join({ name: 'x', status: 'dead' } as never), 'the status of a member'],
    ['join', (agent) => agent.join({ name: 'x', tags: { a: 5 } } as never), 'the tags of a member.a'],
    ['join', (agent) => agent.join({ name: 'x', protocolCur: 256 }), 'the protocolCur of a member'],
    ['join', (agent) => agent.join(null as never), 'a member must be an object, not null'],
    ['update', (agent) => agent.update('db', { a: 5 } as never), 'the tags.a must be a string'],
    ['onJoin', (agent) => agent.onJoin('a', {} as never), 'the members must be an array'],
    ['userEvent', (agent) => agent.userEvent(5 as never), 'the name of an event'],
    ['userEvent', (agent) => agent.userEvent('x', 5 as never), 'a payload must be'],
    ['onQuery', (agent) => agent.onQuery('x', 'y' as never), 'a handler must be a function, not "y"'],
    ['onUserEvent', (agent) => agent.onUserEvent('x', null as never), 'a handler must be a function'],
    ['place', (agent) => agent.place('db', { vec: 5 } as never), 'a coordinate must have'],
    ['log', (agent) => agent.log('x', 'loud' as never), 'the level must be one of trace, debug'],
    ['log', (agent) => agent.log(5 as never), 'a line of the log'],
  ])('refuses nonsense for %s, and goes on', async (_method, call, message) => {
    const before = agent.members
    expect(() => call(agent)).toThrow(message)
    expect(await valueOf(connection.members())).toEqual(before)
    expect(await valueOf(connection.getCoordinate('db'))).toMatchObject({ error: 1.5 })
  })

  it('rejects nonsense where it gives a promise', async () => {
    await expect(agent.query(5 as never)).rejects.toThrow('the name of a query')
    await expect(agent.query('x', 5 as never)).rejects.toThrow('a payload must be')
    await expect(agent.streaming(5 as never)).rejects.toThrow('an event filter must be a string')
  })
})

describe('test agents that have joined', () => {
  afterEach(() => jest.useRealTimers())

  it('forget a member although one of them stops meanwhile', async () => {
    await using one = await TestAgent.start({ name: 'one' })
    await using two = await TestAgent.start({ name: 'two' })
    await using three = await TestAgent.start({ name: 'three' })
    using connection = await valueOf(connect({ port: one.port, authKey: '' }))
    await valueOf(connection.join([two.gossip, three.gossip]))
    jest.useFakeTimers()
    const arrived = firstValueFrom(one.requests$)
    const pruned = valueOf(connection.forceLeave('three', { prune: true }))
    await arrived
    await two.stop()
    jest.advanceTimersByTime(6_000)
    await pruned
    expect(one.members.map(({ name }) => name)).not.toContain('three')
  })

  it('find out that one is gone, and that it is back', async () => {
    await using one = await TestAgent.start({ name: 'one' })
    await using two = await TestAgent.start({ name: 'two' })
    using connection = await valueOf(connect({ port: one.port, authKey: '' }))
    await valueOf(connection.join(two.gossip))
    using events = await listening(connection, connection.stream(['member-failed', 'member-join']))
    await two.stop()
    await events.find('the failure', ({ type }) => type === 'member-failed')
    expect(one.members[1]).toMatchObject({ name: 'two', status: 'failed' })
    await two.restart()
    await events.find(
      'its return',
      ({ type, members }) => type === 'member-join' && members[0]?.name === 'two',
    )
    expect(one.members[1]).toMatchObject({ name: 'two', status: 'alive' })
  })
})
