import { connect, ConnectionError, RpcError } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening, observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('leave, on $kind', ({ start, startCluster }) => {
  let agents: readonly [Agent, Agent, Agent, Agent]

  beforeAll(async () => {
    const [cluster, alone, hurried] = await Promise.all([
      startCluster({ name: 'stays' }, { name: 'leaves', authKey: 'key', tags: { role: 'web' } }),
      start({ name: 'alone' }),
      start({ name: 'hurried' }),
    ])
    agents = [...cluster, alone, hurried]
  })
  afterAll(() => stopAll(...agents))

  it('emits undefined although the agent ends then, and the others see that it left', async () => {
    const [stays, leaves] = agents
    using watching = await opened(stays)
    using events = await listening(watching, watching.stream('member-leave'))
    using leaving = await opened(leaves)

    const ended = valueOf(leaving.closed$)
    expect(await valuesOf(leaving.leave())).toEqual([undefined])
    await leaves.exited()

    const error = await ended
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', address: `${leaves.host}:${leaves.port}` })
    expect(leaving.closed).toBe(true)
    const { members } = await events.find('the event')
    expect(members).toMatchObject([{ name: 'leaves', status: 'left', tags: { role: 'web' } }])
    expect(await valueOf(watching.membersFiltered({ name: 'leaves' }))).toMatchObject([{ status: 'left' }])
  })

  it('ends everything that waits on any connection of the agent, and everything later', async () => {
    const [, , alone] = agents
    using waiting = await opened(alone)
    using stream = await listening(waiting, waiting.stream('user'))
    using query = observe(waiting.query('unanswered', undefined, { timeout: 60_000 }))
    await valueOf(waiting.stats())

    const { host, port } = alone
    expect(await valuesOf(connect({ host, port, authKey: '' }, ({ leave }) => leave()))).toEqual([undefined])
    await alone.exited()

    expect(await valueOf(waiting.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
    for (const [command, { error }] of [['stream', stream] as const, ['query', query] as const]) {
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ code: 'CONNECTION_LOST', address: `${alone.host}:${alone.port}` })
      expect(String(error)).toContain(command)
    }
    const late = await failureOf(waiting.members())
    expect(late).toBeInstanceOf(ConnectionError)
    expect(late).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(String(late)).toContain('members')
  })

  it('is refused while another is under way, and the agent shuts down at once', async () => {
    const [, , , hurried] = agents
    using one = await opened(hurried)
    using other = await opened(hurried)

    const errors = await Promise.all([failureOf(one.leave()), failureOf(other.leave())])
    await hurried.exited()

    // Which of the two comes first is the agent's to say.
    const refusal = errors.find((error) => error instanceof RpcError)
    const lost = errors.find((error) => error instanceof ConnectionError)
    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'leave', body: undefined })
    expect(String(refusal)).toContain(`leave: ${hurried.host}:${hurried.port} `)
    expect(String(refusal)).toContain('Leave already in progress')
    expect(lost).toMatchObject({ code: 'CONNECTION_LOST' })
  })
})
