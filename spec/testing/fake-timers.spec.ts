import { filter, firstValueFrom } from 'rxjs'
import { createClient, type Client } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { failureOf } from '../support/observe/failure'

describe.each(['before', 'after'])("jest's fake timers, installed %s the agent starts", (when) => {
  let agent: TestAgent
  let client: Client

  beforeEach(async () => {
    if (when === 'before') jest.useFakeTimers()
    agent = await TestAgent.start({ members: [{ name: 'db-1' }] })
    if (when === 'after') jest.useFakeTimers()
    client = createClient({ host: agent.host, port: agent.port, authKey: '', reconnect: { initialDelay: 1 } })
  })

  afterEach(async () => {
    client.close()
    await agent.stop()
    jest.useRealTimers()
  })

  it('delay no reply, in one piece or in many', async () => {
    await expect(firstValueFrom(client.members())).resolves.toHaveLength(2)
    agent.faults.split(7)
    await expect(firstValueFrom(client.members())).resolves.toHaveLength(2)
  })

  it('delay no event of a stream', async () => {
    const deployed = firstValueFrom(client.stream('user:deploy'))
    await agent.streaming('user:deploy')
    agent.userEvent('deploy', 'v1', { coalesce: false })
    await expect(deployed).resolves.toMatchObject({ text: 'v1' })
  })

  it('delay no end of a connection', async () => {
    agent.faults.next('event').drop('rst')
    await expect(failureOf(client.event('deploy'))).resolves.toHaveProperty('code', 'CONNECTION_LOST')
  })

  it('decide when a deadline has passed', async () => {
    agent.faults.next('stats').silence()
    const arrived = firstValueFrom(agent.requests$.pipe(filter(({ command }) => command === 'stats')))
    const failure = failureOf(client.stats())
    await arrived
    // The client reads once more before a deadline can fail a request: in the next turn, which is 1 ms of
    // fake time.
    jest.advanceTimersByTime(10_001)
    await expect(failure).resolves.toHaveProperty('code', 'TIMEOUT')
  })
})
