import { observe } from '../support/observe/recording'
import { virtualClient } from '../support/peers/virtual-client'
import { valueOf } from '../support/observe/values'

describe('the first connection of a client', () => {
  it('errors at once when it cannot be made', async () => {
    const { client, agent, status, clock } = virtualClient()
    agent.refusing = true
    const replies = [observe(client.members()), observe(client.event('x')), observe(client.stream())]
    for (const reply of replies) {
      expect(reply.error).toMatchObject({
        name: 'ConnectionError',
        code: 'ECONNREFUSED',
        address: 'agent:1',
        message: expect.stringContaining('is `serf agent` running'),
      })
    }
    expect(replies[0]?.error).toMatchObject({ message: expect.stringContaining('members: ') })
    expect(status.values).toEqual(['idle', 'connecting', 'idle', 'connecting', 'idle', 'connecting', 'idle'])
    expect(clock.due({ held: true })).toEqual([])
    agent.refusing = false
    await valueOf(client.members())
  })

  it('is waited for with waitOnFirstConnect, and is no gap', async () => {
    const { client, agent, clock, status, gaps } = virtualClient({ waitOnFirstConnect: true, timeout: 5_000 })
    agent.refusing = true
    const endless = [client.stream('user'), client.monitor(), client.membership()].map(observe<unknown>)
    const late = [client.members(), client.event('x'), client.query('q'), client.join('a')].map(
      observe<unknown>,
    )
    await clock.pass(4_999)
    expect(status.values).toEqual(['idle', 'connecting', 'reconnecting'])
    expect(late.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(1)
    for (const { error } of late) {
      expect(error).toMatchObject({
        name: 'TimeoutError',
        message: expect.stringContaining('not sent'),
        cause: { code: 'ECONNREFUSED' },
      })
    }
    await clock.pass(600_000)
    const inTime = [client.members(), client.event('y')].map(observe<unknown>)
    agent.refusing = false
    await clock.pass(4_999)
    // A dial was at most `maxDelay` away, which is longer than these could wait.
    expect(endless.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(5_001)
    expect(status.values).toEqual(['idle', 'connecting', 'reconnecting', 'ready'])
    expect(endless.every(({ ended }) => !ended)).toBe(true)
    expect(endless[2]?.values).toHaveLength(1)
    expect(agent.asked('stream')).toHaveLength(2)
    expect(agent.asked('monitor')).toHaveLength(1)
    expect(gaps.values).toEqual([])
    expect(inTime.every(({ ended }) => ended)).toBe(true)
  })

  it('is given up with waitOnFirstConnect after maxRetries, and at once for a rejected key', async () => {
    const spent = virtualClient({ waitOnFirstConnect: true, reconnect: { maxRetries: 2 } })
    spent.agent.refusing = true
    const waiting = [spent.client.stream(), spent.client.members(), spent.client.membership()].map(
      observe<unknown>,
    )
    await spent.clock.pass(100 + 200)
    for (const { error } of waiting)
      expect(error).toMatchObject({ message: expect.stringContaining('maxRetries') })
    expect(spent.status.values).toEqual(['idle', 'connecting', 'reconnecting', 'idle'])
    const { client, agent, clock } = virtualClient({ waitOnFirstConnect: true, authKey: 'wrong' })
    agent.answers.set('auth', () => ({ error: 'Invalid authentication token' }))
    const rejected = observe(client.stream())
    await clock.pass(100_000)
    expect(rejected.error).toMatchObject({ code: 'INVALID_AUTH_TOKEN' })
    expect(agent.dials).toBe(1)
  })

  it('tries all addresses in turn, and its error names them', () => {
    const { client, agent } = virtualClient({ addresses: ['a:1', 'b:2', 'c:3'] })
    agent.refusing = true
    expect(observe(client.members()).error).toMatchObject({
      code: 'ECONNREFUSED',
      address: 'a:1, b:2, c:3',
      message: expect.stringContaining('cannot connect to any of a:1, b:2, c:3'),
    })
    expect(agent.dials).toBe(3)
  })
})
