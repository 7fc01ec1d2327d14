import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

describe('heartbeat', () => {
  it('sends nothing while frames arrive, and a cheap command after silence', async () => {
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

  it('detects a silent peer within two intervals', async () => {
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

  it('counts a frame that arrived while the process was busy', async () => {
    const { client, agent, clock, status } = virtualClient({ heartbeat: 1_000 })
    observe(client.stream())
    await settle()
    agent.silent.add('get-coordinate')
    const read = jest.spyOn(clock, 'afterRead').mockImplementation((callback) => {
      agent.emit({ Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true })
      setImmediate(callback)
    })
    await clock.pass(2_500)
    expect(read).toHaveBeenCalled()
    expect(status.values).not.toContain('reconnecting')
  })

  it('counts bytes that form no frame as silence', async () => {
    const { client, agent, clock, status } = virtualClient({ heartbeat: 1_000 })
    observe(client.stream())
    await settle()
    agent.silent.add('get-coordinate')
    const [stream] = agent.asked('stream')
    if (!stream) throw new Error('no stream was asked for')
    stream.connection.reply(stream.seq)
    // A string that claims 16 MB, of which a byte comes now and then.
    stream.connection.send(Buffer.from([0xdb, 1, 0, 0, 0]))
    for (let step = 0; step < 10; step++) {
      await clock.pass(199)
      stream.connection.send(Buffer.from('x'))
    }
    await clock.pass(50)
    expect(status.values).toContain('reconnecting')
  })

  it('ends the connection after an unreadable reply', async () => {
    const { client, agent, clock, status } = virtualClient({ heartbeat: 1_000 })
    observe(client.stream())
    await settle()
    agent.answers.set('get-coordinate', () => ({ body: 'no coordinate' }))
    await clock.pass(1_000)
    expect(status.values).toContain('reconnecting')
  })

  it('never keeps the process alive, and ends with the connection', async () => {
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
