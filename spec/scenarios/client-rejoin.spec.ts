import { createClient, type Member } from 'serfx'
import { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { observe } from '../support/observe/recording'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

const reconnect = { initialDelay: 10, maxDelay: 50 }

function names(members: ReadonlyMap<string, Member> | undefined): string {
  return [...(members?.values() ?? [])]
    .map(({ name, status }) => `${name} ${status}`)
    .sort()
    .join(', ')
}

describe('membership, when its agent restarts alone', () => {
  it('keeps the others until they are listed again, and no longer than rejoinGrace', async () => {
    const agents = await startCluster({ name: 'a' }, { name: 'b' })
    const [first, second] = agents
    if (!first || !second) throw new Error('no cluster')
    try {
      using client = createClient({ host: first.host, port: first.port, reconnect })
      using patient = observe(client.membership({ rejoinGrace: 60_000 }))
      using hasty = observe(client.membership({ rejoinGrace: 500 }))
      using none = observe(client.membership({ rejoinGrace: 0 }))
      const all = [patient, hasty, none]
      await until('all know both', () =>
        all.every(({ values }) => names(values.at(-1)) === 'a alive, b alive'),
      )
      const before = patient.values.at(-1)?.get('b')
      for (const { values } of all) values.length = 0

      await first.stop()
      // Another gossip port, so that b does not find it.
      agents[0] = await SerfAgent.start({ name: 'a', port: first.port })
      await until('no grace shows the list', () => names(none.values.at(-1)) === 'a alive')
      await until('a short grace ends', () => names(hasty.values.at(-1)) === 'a alive')
      expect(patient.values.every((members) => members.get('b') === before)).toBe(true)

      await valueOf(client.join(second.gossip))
      await until('the others see b again', () =>
        [hasty, none].every(({ values }) => names(values.at(-1)) === 'a alive, b alive'),
      )
      const listed = await valueOf(client.members())
      expect(listed).toHaveLength(2)
      expect(patient.values.every((members) => members.get('b') === before)).toBe(true)
    } finally {
      await Promise.allSettled(agents.map((agent) => agent.stop()))
    }
  }, 60_000)
})
