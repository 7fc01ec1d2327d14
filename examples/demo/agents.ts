import { spawnSync } from 'node:child_process'
import { startCluster } from '../../spec/support/agents/serf-cluster'
import { startTestCluster } from '../../spec/support/agents/test-agent'

/** Where an agent of the demo accepts commands. */
export interface DemoAgent {
  name: string
  host: string
  port: number
}

export interface DemoAgents {
  /** What kind of agents they are, for the first line. */
  kind: string
  agents: readonly [DemoAgent, ...DemoAgent[]]
  /** Ends all agents and removes what they have written. */
  stop: () => Promise<void>
}

const MEMBERS = [
  { name: 'ada', tags: { role: 'web', zone: 'eu' } },
  { name: 'bert', tags: { role: 'web', zone: 'us' } },
  { name: 'cleo', tags: { role: 'db', zone: 'eu' } },
]

/**
 * Starts three agents on free loopback ports and waits until each lists all three as alive. Without `serf` on
 * this machine they are test agents of `serfx/testing`.
 */
export async function startAgents(): Promise<DemoAgents> {
  // These agents have no key, but the user's own agent may have one.
  delete process.env['SERF_RPC_AUTH']
  const real = hasSerf()
  const cluster = await (real ? startCluster(...MEMBERS) : startTestCluster(MEMBERS))
  const [first, ...others] = cluster
  if (first === undefined) throw new Error('no agent was started')
  return {
    kind: real
      ? 'serf agent'
      : 'TestAgent of serfx/testing, as no serf was found (Debian has a package of it)',
    agents: [first, ...others],
    stop: async () => {
      // Ctrl-C in a terminal reaches the agents too, so they may have ended on their own.
      await Promise.allSettled(cluster.map((agent) => agent.stop()))
    },
  }
}

function hasSerf(): boolean {
  return spawnSync(process.env['SERF_BIN'] ?? 'serf', ['version'], { stdio: 'ignore' }).error === undefined
}
