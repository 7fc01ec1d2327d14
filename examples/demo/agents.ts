import { startCluster } from '../../spec/support/serf-cluster'

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

/** Starts three real agents on free loopback ports, each listing all as alive. */
export async function startAgents(): Promise<DemoAgents> {
  // They have no key, whatever this says about the agent of its user.
  delete process.env['SERF_RPC_AUTH']
  const cluster = await startCluster(
    { name: 'ada', tags: { role: 'web', zone: 'eu' } },
    { name: 'bert', tags: { role: 'web', zone: 'us' } },
    { name: 'cleo', tags: { role: 'db', zone: 'eu' } },
  )
  const [first, ...others] = cluster
  if (first === undefined) throw new Error('no agent was started')
  return {
    kind: 'serf agent',
    agents: [first, ...others],
    stop: async () => {
      // Ctrl-C in a terminal reaches the agents too: that they ended on their own is no news then.
      await Promise.allSettled(cluster.map((agent) => agent.stop()))
    },
  }
}
