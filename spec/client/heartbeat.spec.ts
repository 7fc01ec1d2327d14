import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

describe('heartbeat', () => {
  it('asks nothing while bytes come, and something cheap in silence', async () => {
    const { client, agent, clock } = virtualClient({ heartbeat: 1_000 })
    observe(client.stream())
    await clock.pass(900)
    agent.emit({ Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true })
    await clock.pass(999)
    expect(agent.asked('get-coordinate')).toHaveLength(0)
    await clock.pass(1)
    expect(agent.asked('get-coordinate')).toHaveLength(1)
    await clock.pass(10_000)
    expect(agent.dials).toBe(1)
  })

  it('finds a peer that is gone without a word within two intervals', async () => {
    const { client, agent, clock, status } = virtualClient({ heartbeat: 1_000 })
    const stream = observe(client.stream())
    agent.silent.add('event')
    const event = observe(client.event('x'))
    await settle()
    agent.silent.add('get-coordinate')
    await clock.pass(1_999)
    expect(status.values.at(-1)).toBe('ready')
    await clock.pass(2)
    expect(status.values.at(-1)).toBe('reconnecting')
    expect(event.error).toMatchObject({
      code: 'CONNECTION_LOST',
      cause: { message: expect.stringContaining('silent') },
    })
    await clock.pass(100)
    expect(status.values.at(-1)).toBe('ready')
    expect(agent.asked('stream')).toHaveLength(2)
    expect(stream.error).toBeUndefined()
  })

  it('believes an answer that was waiting to be read while this process slept', async () => {
    const { client, agent, clock, status } = virtualClient({ heartbeat: 1_000 })
    observe(client.stream())
    await settle()
    agent.silent.add('get-coordinate')
    await clock.pass(2_000)
    agent.emit({ Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true })
    await clock.pass(500)
    expect(status.values.at(-1)).toBe('ready')
  })

  it('never holds the process, and ends with the connection', async () => {
    const { client, agent, clock } = virtualClient({ heartbeat: 1_000 })
    observe(client.members())
    await clock.pass(5_000)
    expect(agent.asked('get-coordinate').length).toBeGreaterThan(2)
    expect(clock.due({ held: true })).toEqual([])
    client.close()
    await settle()
    expect(clock.due()).toEqual([])
  })
})
