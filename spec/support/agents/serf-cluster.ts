import { SerfAgent, type SerfAgentOptions } from './serf-agent'
import { aliveNames, serf } from './serf-command'
import { until } from '../time/until'

/** Starts one agent per set of options, joins them, and waits until each lists all as alive. */
export async function startCluster(...members: SerfAgentOptions[]): Promise<SerfAgent[]> {
  const starts = await Promise.allSettled(members.map((options) => SerfAgent.start(options)))
  const agents = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason
    const [first, ...others] = agents
    if (first) for (const other of others) await serf(first, 'join', other.gossip)
    for (const agent of agents) {
      await until(`${agent.name} lists ${agents.length} members alive`, async () => {
        agent.expectAlive()
        if ((await aliveNames(agent)).length === agents.length) return true
        // News can get lost in gossip. A join exchanges all that both know.
        const other = agent === first ? others[0] : first
        if (other) await serf(agent, 'join', other.gossip)
        return false
      })
    }
    return agents
  } catch (error) {
    await Promise.allSettled(agents.map((agent) => agent.stop()))
    throw error
  }
}
