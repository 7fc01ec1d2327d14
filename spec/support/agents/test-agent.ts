import { firstValueFrom } from 'rxjs'
import { connect } from 'serfx'
import { TestAgent } from 'serfx/testing'
import type { Agent, AgentOptions } from './agents'
import { until } from '../time/until'

/** A TestAgent as the contract specs see it. */
export async function startTestAgent(options: AgentOptions = {}): Promise<Agent> {
  const agent = await TestAgent.start({ name: 'node-a', ...options })
  const { name, host, port, gossip } = agent
  const facade: Agent = {
    ...{ name, host, port, gossip, authKey: options.authKey },
    stop: () => agent.stop(),
    restarted: async () => {
      await agent.restart({ alone: true })
      return facade
    },
    exited: async () => {
      await until(`${name} ends`, () => !agent.running)
    },
    // It cannot die on its own, since it runs in the process of the spec.
    expectAlive: () => undefined,
  }
  return facade
}

/** Starts one agent for each set of options. All join the first. */
export async function startTestCluster(options: readonly AgentOptions[]): Promise<Agent[]> {
  const agents = await Promise.all(options.map(startTestAgent))
  const [first, ...others] = agents
  if (!first) return agents
  const { host, port, authKey = '' } = first
  const addresses = others.map(({ gossip }) => gossip)
  await firstValueFrom(connect({ host, port, authKey }, (connection) => connection.join(addresses)))
  return agents
}
