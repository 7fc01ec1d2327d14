import { type Connection, rtt } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { oddNames } from '../support/agents/odd-names'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

const FAR = 'far, ünï 🐝'

describe.each(agentKinds)('get-coordinate, on $kind', ({ startCluster }) => {
  let cluster: readonly [Agent, Agent]
  let connection: Connection

  beforeAll(async () => {
    cluster = await startCluster({ name: 'near' }, { name: FAR })
    connection = await opened(cluster[0])
  })
  afterAll(async () => {
    connection.close()
    await stopAll(...cluster)
  })

  it('is a point of eight dimensions with finite numbers', async () => {
    const [coordinate, ...more] = await valuesOf(connection.getCoordinate('near'))

    expect(more).toEqual([])
    expect(coordinate).toEqual({
      vec: expect.any(Array),
      height: expect.any(Number),
      adjustment: expect.any(Number),
      error: expect.any(Number),
    })
    expect(coordinate?.vec).toHaveLength(8)
    expect(coordinate?.vec.every(Number.isFinite)).toBe(true)
    expect(coordinate?.height).toBeGreaterThan(0)
    expect(coordinate?.error).toBeGreaterThan(0)
  })

  it.each(['nobody', ...oddNames])('is null for %j, which the agent does not know', async (name) => {
    expect(await valuesOf(connection.getCoordinate(name))).toEqual([null])
    expect(await valueOf(connection.members())).toHaveLength(2)
  })

  it('gives an estimate of the round trip between two nodes', async () => {
    const near = await valueOf(connection.getCoordinate('near'))
    // An agent has one of another node once it has probed it.
    const far = await until('a coordinate of the other node', () => valueOf(connection.getCoordinate(FAR)))

    const expected = near && rtt(near, far)

    expect(expected).toBeGreaterThan(0)
    expect(expected).toBeLessThan(10_000)
    expect(near && rtt(far, near)).toBe(expected)
  })
})
