import { createClient } from 'serfx'
import { opened } from '../support/agents/opened'
import { observe } from '../support/observe/recording'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

describe('leave', () => {
  it('ends the agent and the client, however often it is subscribed', async () => {
    await using agent = await SerfAgent.start()
    using client = createClient({ host: '127.0.0.1', port: agent.port })
    const status = observe(client.status$)
    const stream = observe(client.stream())
    const monitor = observe(client.monitor('err'))
    await valueOf(client.members())
    const leaving = [observe(client.leave()), observe(client.leave())]
    await agent.exited()
    await until('both have ended', () => leaving.every(({ ended }) => ended))
    for (const one of leaving) expect(one).toMatchObject({ values: [undefined], completed: true })
    for (const one of [stream, monitor]) expect(one).toMatchObject({ completed: true, error: undefined })
    await expect(valueOf(client.members())).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'CLOSED',
    })
    expect(status).toMatchObject({ completed: true })
    expect(status.values.at(-1)).toBe('closed')
  })

  it('ends the agent of a bare connection, whose streams complete', async () => {
    await using agent = await SerfAgent.start()
    using connection = await opened(agent)
    const stream = observe(connection.stream())
    const monitor = observe(connection.monitor('err'))
    await valueOf(connection.leave())
    await agent.exited()
    await until('it has ended', () => connection.closed)
    for (const one of [stream, monitor]) expect(one).toMatchObject({ completed: true, error: undefined })
  })
})
