import { catchError, EMPTY, firstValueFrom } from 'rxjs'
import { type Client, createClient, ofQuery, respond } from 'serfx'
import { SerfAgent } from '../../../../spec/support/agents/serf-agent'
import { startCluster } from '../../../../spec/support/agents/serf-cluster'
import { answer, CAST } from './cast'
import type { DemoCluster } from './demo'

/** One real agent for each node, on free loopback ports. */
export async function startRealCluster(): Promise<DemoCluster> {
  const started = await startCluster(...CAST.map(({ name, tags }) => ({ name, tags })))
  const [first] = started
  if (!first) throw new Error('no agent was started')
  const nodes = new Map(started.map((agent) => [agent.name, { agent, client: answering(agent) }]))
  const nodeNamed = (name: string) => {
    const found = nodes.get(name)
    if (!found) throw new Error(`${name} is no node of the demo`)
    return found
  }
  return {
    agent: { host: first.host, port: first.port },
    fail: async (name) => {
      const { agent, client } = nodeNamed(name)
      client.close()
      await agent.stop()
    },
    restore: async (name) => {
      const { port, gossip } = nodeNamed(name).agent
      const tags = CAST.find((part) => part.name === name)?.tags ?? {}
      const bindPort = Number(gossip.split(':')[1])
      const agent = await SerfAgent.start({ name, tags, port, bindPort })
      const client = answering(agent)
      nodes.set(name, { agent, client })
      await firstValueFrom(client.join(first.gossip))
    },
    stop: async () => {
      for (const { client } of nodes.values()) client.close()
      // Ctrl-C in a terminal reaches the agents too, so they may have ended on their own.
      await Promise.allSettled([...nodes.values()].map(({ agent }) => agent.stop()))
    },
  }
}

/** A client that answers the queries of this agent's node while the agent runs. */
function answering({ name, host, port }: SerfAgent): Client {
  const client = createClient({ host, port, authKey: '' })
  client
    .stream('query')
    .pipe(
      ofQuery(),
      respond((query) => answer(name, query.name), { onError: () => undefined }),
      catchError(() => EMPTY),
    )
    .subscribe()
  return client
}
