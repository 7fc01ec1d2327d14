import { createClient } from 'serfx'
import { freePort } from '../support/agents/free-port'
import { SerfAgent } from '../support/agents/serf-agent'
import { observe } from '../support/observe/recording'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

describe('waitOnFirstConnect', () => {
  it('lets a service start before its agent', async () => {
    const port = await freePort()
    using client = createClient({
      host: '127.0.0.1',
      port,
      waitOnFirstConnect: true,
      reconnect: { initialDelay: 10, maxDelay: 50 },
    })
    const status = observe(client.status$)
    const gaps = observe(client.gaps$)
    const members = observe(client.members())
    const membership = observe(client.membership())
    const stream = observe(client.stream('user'))
    const monitor = observe(client.monitor('info'))
    const kept = observe(client.keepTags({ role: 'web' }))
    await until('a dial has failed', () => status.values.at(-1) === 'reconnecting')
    await using agent = await SerfAgent.start({ port })
    await until('all have values', () =>
      [members, membership, monitor, kept].every(({ values }) => values.length > 0),
    )
    expect(members.values[0]?.map(({ name }) => name)).toEqual([agent.name])
    expect((await valueOf(client.stats())).tags).toEqual({ role: 'web' })
    await valueOf(client.event('hello', '', { coalesce: false }))
    await until('the stream lives', () => stream.values.length > 0)
    expect(status.values).toEqual(['idle', 'connecting', 'reconnecting', 'ready'])
    expect(gaps.values).toEqual([])
  })
})
