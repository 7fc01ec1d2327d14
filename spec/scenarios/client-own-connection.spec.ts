import { mergeMap, take } from 'rxjs'
import { createClient } from 'serfx'
import { allAnswersOf } from '../support/observe/all-answers'
import { observe } from '../support/observe/recording'
import { TcpPeer } from '../support/peers/tcp-peer'
import { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

const host = '127.0.0.1'

describe('slow and risky commands', () => {
  it('delay nothing: members is answered while a join waits for a silent host', async () => {
    await using agent = await SerfAgent.start()
    await using mute = await TcpPeer.start()
    using client = createClient({ host, port: agent.port })
    await valueOf(client.members())
    const join = observe(client.join(`${host}:${mute.port}`))
    await until('the join is under way', () => mute.connections.length > 0)
    for (let count = 0; count < 5; count++) await valueOf(client.members())
    expect(join.ended).toBe(false)
    await until('the join has failed', () => join.ended)
    expect(join.error).toMatchObject({ name: 'RpcError', command: 'join', body: 0 })
  })

  it('break nothing: a bad pattern fails only its own call', async () => {
    await using agent = await SerfAgent.start({ tags: { role: 'web' } })
    using client = createClient({ host, port: agent.port })
    const status = observe(client.status$)
    const stream = observe(client.stream())
    const calls = [
      observe(client.membersFiltered({ name: '(' })),
      observe(client.query('q', '', { until: 'everyone', filterTags: { role: '[' } })),
      observe(client.membersFiltered({ tags: { role: 'w.b|x' } })),
      observe(client.members()),
    ]
    await until('all have ended', () => calls.every(({ ended }) => ended))
    expect(calls.slice(0, 2).map(({ error }) => error)).toMatchObject([
      { code: 'INVALID_FILTER', command: 'members-filtered' },
      { code: 'INVALID_FILTER', command: 'members-filtered' },
    ])
    for (const { values } of calls.slice(2)) expect(values).toMatchObject([[{ name: agent.name }]])
    expect(stream.error).toBeUndefined()
    expect(status.values).toEqual(['idle', 'connecting', 'ready'])
  })

  it('can be any number of monitors, each with its own level', async () => {
    await using agent = await SerfAgent.start()
    using client = createClient({ host, port: agent.port })
    const lines = await Promise.all(
      (['info', 'info', 'debug'] as const).map((level) => valuesOf(client.monitor(level).pipe(take(2)))),
    )
    expect(lines.map((pair) => pair.length)).toEqual([2, 2, 2])
    expect(lines[0]).toEqual(lines[1])
  })
})

describe('in a cluster', () => {
  it('query until everyone and nearest report every member once', async () => {
    const agents = await startCluster({ name: 'a' }, { name: 'b' }, { name: 'c' })
    const clients = agents.map(({ port }) => createClient({ host, port }))
    try {
      const [client] = clients
      if (!client) throw new Error('no client')
      const answering = clients.map((each, index) =>
        observe(each.stream('query:who').pipe(mergeMap((question) => question.respond(agents[index]?.name)))),
      )
      for (const each of clients) await valueOf(each.members())
      const answers = await allAnswersOf(3, client.query('who', '', { until: 'everyone', timeout: 4_000 }))
      expect(answers.map(({ from, text }) => `${from} ${text}`).sort()).toEqual(['a a', 'b b', 'c c'])
      expect(answering.every(({ error }) => error === undefined)).toBe(true)

      // An agent gets to know the coordinates of others as it probes them.
      const nearest = await until('all have a coordinate', async () => {
        const known = await valueOf(client.nearest())
        return known.length === 3 ? known : undefined
      })
      expect(nearest.map(({ member }) => member.name).sort()).toEqual(['a', 'b', 'c'])
      const distances = nearest.map(({ rtt }) => rtt)
      expect(distances).toEqual([...distances].sort((x, y) => x - y))
      expect(await valueOf(client.nearest(2))).toHaveLength(2)
    } finally {
      for (const client of clients) client.close()
      await Promise.all(agents.map((agent) => agent.stop()))
    }
  })
})
