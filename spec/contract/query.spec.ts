import { take } from 'rxjs'
import { Connection, type QueryEvent } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents'
import { Collected, listening } from '../support/collected'
import { freePort } from '../support/free-port'
import { refusalOf } from '../support/failure'
import { opened } from '../support/opened'
import { until } from '../support/until'
import { valueOf, valuesOf } from '../support/values'

/** A deadline that no spec sits out: with `until: 'everyone'` a query ends when all have answered. */
const LONG = 15_000

describe.each(agentKinds)('query, on $kind', ({ startCluster }) => {
  let cluster: readonly [Agent, Agent, Agent]
  let connection: Connection
  let residents: { name: string; connection: Connection; queries: Collected<QueryEvent> }[]

  beforeAll(async () => {
    cluster = await startCluster(
      { name: 'web-1', tags: { role: 'web', zone: 'a' }, authKey: 'key' },
      { name: 'web-2', tags: { role: 'web', zone: 'b' } },
      { name: 'db-3', tags: { role: 'db' } },
    )
    connection = await opened(cluster[0])
    residents = await Promise.all(
      cluster.map(async (agent) => {
        const resident = await opened(agent)
        const queries = await listening(resident, resident.stream('query'))
        return { name: agent.name, connection: resident, queries }
      }),
    )
  })
  afterAll(async () => {
    for (const resident of residents) resident.connection.close()
    connection.close()
    await stopAll(...cluster)
  })
})
