import type { Coordinate } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { answer, CAST } from './cast'
import type { DemoCluster } from './demo'

/** The whole cluster as one agent of serfx/testing shows it. */
export async function startTestCluster(): Promise<DemoCluster & { test: TestAgent }> {
  const [{ name, tags }, ...others] = CAST
  const members = others.map((part) => ({ name: part.name, tags: part.tags }))
  const test = await TestAgent.start({ name, tags, members, queryTimeout: 2_000 })
  for (const { name: node, distance } of CAST) test.place(node, coordinateAt(distance))
  for (const query of ['uptime', 'version', 'zone']) test.onQuery(query, ({ node }) => answer(node, query))
  return {
    test,
    agent: { host: test.host, port: test.port },
    fail: (node) => test.fail(node),
    restore: (node) => test.join({ name: node }),
    stop: () => test.stop(),
  }
}

/** A coordinate this many milliseconds from the middle. */
const coordinateAt = (distance: number): Coordinate => ({
  vec: [distance / 1000, 0, 0, 0, 0, 0, 0, 0],
  height: 1e-5,
  adjustment: 0,
  error: 0.1,
})
