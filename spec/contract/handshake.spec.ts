import { Connection, ConnectionError, RpcError } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { failureOf, refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { requests } from '../support/wire/requests'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('handshake, on $kind', ({ start }) => {
  let agent: Agent

  beforeAll(async () => {
    agent = await start()
  })
  afterAll(() => stopAll(agent))

  const dialled = () => new Connection({ host: agent.host, port: agent.port, authKey: '' })

  it('emits undefined, and commands are answered from then on', async () => {
    using connection = dialled()

    expect(await valuesOf(connection.handshake())).toEqual([undefined])
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('is refused a second time, and the connection goes on', async () => {
    using connection = await opened(agent)

    const refusal = await refusalOf(agent, connection.handshake())

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'handshake', body: undefined })
    expect(refusal.message).toContain('Handshake already performed')
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('is refused for an unknown version, and may be tried again', async () => {
    using connection = dialled()

    const refusal = await refusalOf(agent, connection.request('handshake', { Version: 2 }))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'handshake', body: undefined })
    expect(refusal.message).toContain('Unsupported IPC version')
    expect(await valuesOf(connection.handshake())).toEqual([undefined])
  })

  it.each([{ command: 'auth', body: { AuthKey: 'key' } }, ...requests])(
    'comes before $command: without it the agent refuses and hangs up',
    async ({ command, body }) => {
      using connection = dialled()

      const refusal = await refusalOf(agent, connection.request(command, body))

      expect(refusal).toMatchObject({ code: 'HANDSHAKE_REQUIRED', command, body: undefined })
      expect(refusal.message).toContain('Handshake required')
      expect(await valueOf(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(connection.closed).toBe(true)
    },
  )

  it('comes before typed commands too; requests after a refused one are lost with the connection', async () => {
    using connection = dialled()

    const [refused, lost] = await Promise.all([
      failureOf(connection.members()),
      failureOf(connection.stats()),
    ])

    expect(refused).toBeInstanceOf(RpcError)
    expect(refused).toMatchObject({ code: 'HANDSHAKE_REQUIRED', command: 'members' })
    expect(lost).toBeInstanceOf(ConnectionError)
    expect(lost).toMatchObject({ code: 'CONNECTION_LOST', address: `${agent.host}:${agent.port}` })
    expect(String(lost)).toContain('stats')
  })

  it('does not make an unknown command valid: it is refused, and the agent hangs up', async () => {
    using connection = await opened(agent)

    const refusal = await refusalOf(agent, connection.request('reboot'))

    expect(refusal).toMatchObject({ code: 'UNSUPPORTED_COMMAND', command: 'reboot', body: undefined })
    expect(await valueOf(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
  })
})
