import { CAST, UNSTEADY } from '../../examples/dashboard/server/demo/cast'
import { startLife } from '../../examples/dashboard/server/demo/life'
import { startTestCluster } from '../../examples/dashboard/server/demo/test-cluster'
import { until } from '../support/time/until'

describe('the life of the demo cluster', () => {
  beforeEach(() =>
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] }),
  )
  afterEach(() => jest.useRealTimers())

  it('fires, asks, and lets a node fail and return', async () => {
    const cluster = await startTestCluster()
    const commands: string[] = []
    cluster.test.requests$.subscribe(({ command }) => commands.push(command))
    const endLife = startLife(cluster)
    const unsteady = () => cluster.test.members.find(({ name }) => name === UNSTEADY)

    jest.advanceTimersByTime(30_000)
    await until('the node has failed', () => unsteady()?.status === 'failed')
    jest.advanceTimersByTime(30_000)
    await until('the node is back', () => unsteady()?.status === 'alive')
    expect(unsteady()?.tags).toEqual(CAST.find(({ name }) => name === UNSTEADY)?.tags)
    await until('both were sent', () => commands.includes('event') && commands.includes('query'))

    await endLife()
    await until('its client is gone', () => cluster.test.connections === 0)
    await cluster.stop()
  })
})
