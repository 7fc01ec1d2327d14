import { lastValueFrom } from 'rxjs'
import { type Client, type Connection, createClient, ofQuery, type QueryOptions, respond } from 'serfx'
import type { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { opened } from '../support/agents/opened'
import { failureOf } from '../support/observe/failure'
import { observe } from '../support/observe/recording'
import { valueOf, valuesOf } from '../support/observe/values'
import { until } from '../support/time/until'

/** A deadline that no spec sits out. */
const LONG = 60_000

/** Answers the query `who` on this agent's node. */
async function resident(agent: SerfAgent): Promise<Client> {
  const client = createClient({ host: agent.host, port: agent.port })
  observe(
    client.stream('query:who').pipe(
      ofQuery('who'),
      respond(() => agent.name),
    ),
  )
  await valueOf(client.stats())
  return client
}

describe('a node that says nothing', () => {
  let agents: SerfAgent[]
  let residents: Client[]
  let asker: Connection
  const agentOf = (name: string) => {
    const agent = agents.find((one) => one.name === name)
    if (!agent) throw new Error(`no agent ${name}`)
    return agent
  }

  beforeAll(async () => {
    agents = await startCluster({ name: 'a' }, { name: 'b' }, { name: 'c' })
    residents = await Promise.all(agents.map(resident))
    asker = await opened(agentOf('a'))
  })
  afterAll(async () => {
    asker.close()
    for (const client of residents) client.close()
    await Promise.all(agents.map((agent) => agent.stop()))
  })
  // An answer is one UDP packet. With a relay it comes twice, so that it hardly gets lost.
  const relayed = { relayFactor: 1 }
  const names = async (options: QueryOptions) =>
    (await valuesOf(asker.query('who', undefined, { ...relayed, timeout: LONG, ...options })))
      .map(({ from }) => from)
      .sort()

  it('is not reported while all answer', async () => {
    // Right after a cluster has formed an ack may get lost.
    const all = { reached: ['a', 'b', 'c'], silent: [], unexpected: [] }
    await until('all are reached', async () => {
      const reachability = await valueOf(asker.reachability({ timeout: 2_000 }))
      return JSON.stringify(reachability) === JSON.stringify(all)
    })
    expect(await names({ until: 'everyone' })).toEqual(['a', 'b', 'c'])
    const progress = await valuesOf(
      asker.queryProgress('who', undefined, { ...relayed, timeout: LONG, requestAck: true }),
    )
    expect(progress[0]).toMatchObject({ asked: ['a', 'b', 'c'], missing: ['a', 'b', 'c'], done: false })
    expect(progress.at(-1)).toMatchObject({ missing: [], acks: new Set(['a', 'b', 'c']), done: true })
    expect(progress.at(-1)?.responses.get('b')?.text).toBe('b')
  })

  it('is reported, and waited for no longer than the limit', async () => {
    await agentOf('c').freeze()
    try {
      // Nobody has found it failed yet, so all three are asked.
      const [reachability, progress, share, responses, quiet] = await Promise.all([
        valueOf(asker.reachability({ timeout: 1_500 })),
        lastValueFrom(asker.queryProgress('who', undefined, { ...relayed, timeout: 1_500 })),
        names({ until: { share: 0.6 } }),
        names({ until: { responses: 2 } }),
        names({ until: { quiet: 1_000 } }),
      ])
      expect(reachability).toEqual({ reached: ['a', 'b'], silent: ['c'], unexpected: [] })
      expect(progress).toMatchObject({ asked: ['a', 'b', 'c'], missing: ['c'], done: true })
      for (const answered of [share, responses, quiet]) expect(answered).toEqual(['a', 'b'])
    } finally {
      agentOf('c').signal('SIGCONT')
    }
  })

  it('errors everything that is built on a query when the connection is closed', async () => {
    const other = await opened(agentOf('a'))
    const ends = [
      failureOf(other.queryProgress('nobody-answers', undefined, { timeout: LONG })),
      failureOf(other.query('nobody-answers', undefined, { timeout: LONG, until: { quiet: 1_000 } })),
      failureOf(other.query('nobody-answers', undefined, { timeout: LONG, until: { share: 1 } })),
    ]
    await valueOf(other.stats())
    other.close()
    for (const end of [...ends, failureOf(other.reachability())])
      await expect(end).resolves.toMatchObject({ code: 'CLOSED' })
  })

  it('may answer although the agent does not list it as alive', async () => {
    const seen: string[] = []
    await until('b is not alive for the agent, and acks', async () => {
      // On a node that is alive this makes a mess: the agent lists it as leaving, until perhaps the node
      // objects.
      await valueOf(asker.forceLeave('b'))
      const reachability = await valueOf(asker.reachability({ timeout: 1_000 }))
      seen.push(JSON.stringify(reachability))
      return reachability.unexpected.includes('b')
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it was ${seen.slice(-3).join(', ')}`)
    })
  })
})
