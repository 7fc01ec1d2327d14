import { spawnSync } from 'node:child_process'
import { startCluster } from '../../spec/support/agents/serf-cluster'
import { startTestCluster } from '../../spec/support/agents/test-agent'

/** Where an agent of the demo takes commands. */
export interface DemoAgent {
  name: string
  host: string
  port: number
}

export interface DemoAgents {
  /** What they are, for the first line. */
  kind: string
  agents: readonly [DemoAgent, ...DemoAgent[]]
  /** Ends all of them and removes what they wrote. */
  stop: () => Promise<void>
}

const MEMBERS = [
  { name: 'ada', tags: { role: 'web', zone: 'eu' } },
  { name: 'bert', tags: { role: 'web', zone: 'us' } },
  { name: 'cleo', tags: { role: 'db', zone: 'eu' } },
]

/** Starts three agents on free loopback ports, each listing all as alive: real ones, or where no `serf` can be had those of `serfx/testing`. */
export async function startAgents(): Promise<DemoAgents> {
  // They have no key, whatever this says about the agent of its user.
  delete process.env['SERF_RPC_AUTH']
  const real = hasSerf()
  const cluster = await (real ? startCluster(...MEMBERS) : startTestCluster(MEMBERS))
  const [first, ...others] = cluster
  if (first === undefined) throw new Error('no agent was started')
  return {
    kind: real
      ? 'serf agent'
      : 'TestAgent of serfx/testing, for no serf was found (Debian has it as a package)',
    agents: [first, ...others],
    stop: async () => {
      // Ctrl-C in a terminal reaches the agents too: that they ended on their own is no news then.
      await Promise.allSettled(cluster.map((agent) => agent.stop()))
    },
  }
}

function hasSerf(): boolean {
  return spawnSync(process.env['SERF_BIN'] ?? 'serf', ['version'], { stdio: 'ignore' }).error === undefined
}
