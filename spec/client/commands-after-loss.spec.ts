import { observe } from '../support/observe/recording'
import { virtualClient } from '../support/peers/virtual-client'
import { settle } from '../support/time/settle'

describe('commands after the loss of the connection', () => {
  it('wait for the next connection until their timeout has passed', async () => {
    const { client, agent, clock } = virtualClient({ timeout: 5_000 })
    const stream = observe(client.stream())
    await settle()
    agent.refusing = true
    agent.drop()
    await settle()
    const waiting = [observe(client.members()), observe(client.event('x')), observe(client.join('a'))]
    expect(clock.due({ held: true }).length).toBeGreaterThan(0)
    await clock.pass(4_999)
    expect(waiting.every(({ ended }) => !ended)).toBe(true)
    await clock.pass(1)
    for (const { error } of waiting) {
      expect(error).toMatchObject({
        name: 'TimeoutError',
        message: expect.stringContaining('not sent, as there was no connection to agent:1'),
        cause: { code: 'ECONNREFUSED' },
      })
    }
    expect(stream.error).toBeUndefined()
    agent.refusing = false
    const late = observe(client.event('y'))
    await clock.pass(5_000)
    expect(late).toMatchObject({ completed: true })
    expect(agent.asked('event')).toMatchObject([{ body: { Name: 'y' } }])
  })

  it('are sent again until their timeout has passed only if they are reads', async () => {
    const { client, agent, clock } = virtualClient({ timeout: 5_000, reconnect: { maxDelay: 0 } })
    for (const command of ['members', 'stats', 'get-coordinate', 'event', 'tags', 'query', 'force-leave']) {
      agent.silent.add(command)
    }
    const reads = [observe(client.members()), observe(client.stats()), observe(client.getCoordinate('a'))]
    const writes = [
      observe(client.event('e')),
      observe(client.tags({ a: 'b' })),
      observe(client.query('q')),
      observe(client.forceLeave('n')),
    ]
    await clock.pass(2_000)
    agent.drop()
    await clock.pass(0)
    for (const { error } of writes) expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
    await clock.pass(2_500)
    expect(reads.every(({ ended }) => !ended)).toBe(true)
    agent.silent.delete('members')
    agent.drop()
    await clock.pass(0)
    expect(reads[0]).toMatchObject({ completed: true, values: [[]] })
    await clock.pass(500)
    for (const { error } of reads.slice(1)) expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(['members', 'stats', 'event', 'tags', 'query'].map((name) => agent.asked(name).length)).toEqual([
      3, 3, 1, 1, 1,
    ])
  })

  it('are not sent again after an unreadable reply, while streams continue', async () => {
    const { client, agent, clock, status } = virtualClient({ maxFrameBytes: 1_000 })
    const stream = observe(client.stream())
    agent.answers.set('members', () => ({ body: { Members: ['x'.repeat(2_000)] } }))
    const members = observe(client.members())
    await clock.pass(1_000)
    expect(members.error).toMatchObject({ name: 'ProtocolError' })
    expect(agent.asked('members')).toHaveLength(1)
    expect(stream.error).toBeUndefined()
    expect(agent.asked('stream')).toHaveLength(2)
    expect(status.values.slice(2)).toEqual(['ready', 'reconnecting', 'ready'])
  })
})
