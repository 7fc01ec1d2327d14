import { createClient, type Member } from 'serfx'
import { observe } from '../support/observe/recording'
import { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

const host = '127.0.0.1'
const statuses = (members: ReadonlyMap<string, Member> | undefined) =>
  [...(members?.values() ?? [])].map(({ name, status }) => `${name} ${status}`).sort()

describe('membership', () => {
  it('is right after updates, joins, leaves, failures, reaps and a restart of the agent', async () => {
    const [first, second, third] = await startCluster({ name: 'a' }, { name: 'b' }, { name: 'c' })
    if (!first || !second || !third) throw new Error('no cluster')
    const agents = [first, second, third]
    try {
      using client = createClient({ host, port: first.port, reconnect: { initialDelay: 10, maxDelay: 50 } })
      using other = createClient({ host, port: second.port })
      const gaps = observe(client.gaps$)
      const maps = observe(client.membership({ resync: 2_000 }))
      const latest = () => maps.values.at(-1)
      const shows = (...expected: string[]) =>
        until(
          `it shows ${expected.join(', ')}`,
          () => statuses(latest()).join() === expected.join(),
          25_000,
        ).catch(async (error: unknown) => {
          const known = await valueOf(client.members())
          throw new Error(
            `${String(error)}; it shows ${statuses(latest()).join(', ')}, and the agent knows ${JSON.stringify(known)}`,
          )
        })
      await shows('a alive', 'b alive', 'c alive')
      const [before] = maps.values

      await valueOf(other.tags({ role: 'db' }))
      await until('the tag is shown', () => latest()?.get('b')?.tags['role'] === 'db')
      expect(before?.get('b')?.tags).toEqual({})
      expect(latest()?.get('c')).toBe(before?.get('c'))

      await third.stop()
      await shows('a alive', 'b alive', 'c failed')
      // A node that hears of the force-leave while it holds c for alive keeps it.
      await until('b finds c failed', async () =>
        (await valueOf(other.members())).some(({ name, status }) => name === 'c' && status === 'failed'),
      )
      await valueOf(client.forceLeave('c'))
      await shows('a alive', 'b alive', 'c left')
      await valueOf(client.forceLeave('c', { prune: true }))
      await shows('a alive', 'b alive')
      // A node that still knows c tells the others of it again, so both are asked until neither knows it.
      await until('nobody knows c', async () => {
        const both = [client, other]
        const lists = await Promise.all(both.map((each) => valueOf(each.members())))
        if (lists.every((members) => members.length === 2)) return true
        await Promise.all(both.map((each) => valueOf(each.forceLeave('c', { prune: true }))))
        return false
      })
      await shows('a alive', 'b alive')

      await valueOf(other.leave())
      await shows('a alive', 'b left')

      const late = observe(client.membership({ resync: 2_000 }))
      expect(late.values).toEqual([latest()])

      await first.stop()
      agents[0] = await SerfAgent.start({ name: 'a', port: first.port })
      await shows('a alive')
      expect(gaps.values).toMatchObject([{ reason: 'reconnected' }])
      agents.push(await SerfAgent.start({ name: 'd' }))
      await valueOf(client.join(agents.at(-1)?.gossip ?? ''))
      await shows('a alive', 'd alive')
      expect(maps.error).toBeUndefined()
      expect(new Set(maps.values).size).toBe(maps.values.length)
    } finally {
      await Promise.allSettled(agents.map((agent) => agent.stop()))
    }
  }, 90_000)
})
