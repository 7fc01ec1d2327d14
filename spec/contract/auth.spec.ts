import { connect, Connection } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { requests } from '../support/wire/requests'
import { valueOf, valuesOf } from '../support/observe/values'

const KEY = 'the key of this agent'

describe.each(agentKinds)('auth, on $kind', ({ start }) => {
  let locked: Agent
  let plain: Agent

  beforeAll(async () => {
    ;[locked, plain] = await Promise.all([
      start({ name: 'locked', authKey: KEY, encryptKey: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' }),
      start({ name: 'plain' }),
    ])
  })
  afterAll(() => stopAll(locked, plain))

  /** After the handshake, before auth. */
  const greeted = async ({ host, port }: Agent, authKey = ''): Promise<Connection> => {
    const connection = new Connection({ host, port, authKey })
    await valueOf(connection.handshake())
    return connection
  }

  it('emits undefined for the right key, and commands are answered from then on', async () => {
    using connection = await greeted(locked)

    expect(await valuesOf(connection.auth(KEY))).toEqual([undefined])
    expect(await valueOf(connection.members())).toMatchObject([{ name: 'locked' }])
  })

  it('sends the key of the options unless it is given another', async () => {
    using connection = await greeted(locked, KEY)

    await refusalOf(locked, connection.auth('another'))
    expect(await valuesOf(connection.auth())).toEqual([undefined])
  })

  it('is refused for a wrong key, which the error does not show, and may be tried again', async () => {
    using connection = await greeted(locked)

    const refusal = await refusalOf(locked, connection.auth('wrong-key'))

    expect(refusal).toMatchObject({ code: 'INVALID_AUTH_TOKEN', command: 'auth', body: undefined })
    expect(refusal.message).toContain('Invalid authentication token')
    expect(refusal.message).not.toContain('wrong-key')
    expect(await valuesOf(connection.auth(KEY))).toEqual([undefined])
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it('is not undone by a wrong key after the right one', async () => {
    using connection = await opened(locked)

    await refusalOf(locked, connection.auth('wrong-key'))
    expect(await valueOf(connection.members())).toHaveLength(1)
  })

  it.each(requests)('comes before $command: without it the agent refuses, and goes on', async (request) => {
    const { command, body } = request
    using connection = await greeted(locked)

    const refusal = await refusalOf(locked, connection.request(command, body))

    expect(refusal).toMatchObject({ code: 'AUTH_REQUIRED', command, body: undefined })
    expect(refusal.message).toContain('Authentication required')
    // A second error comes where the agent has read the body for a request: it must not disturb what follows.
    expect(await valuesOf(connection.auth(KEY))).toEqual([undefined])
    expect(await valueOf(connection.members())).toMatchObject([{ name: 'locked' }])
  })

  it('comes before typed commands too', async () => {
    using connection = await greeted(locked)

    expect(await refusalOf(locked, connection.join(plain.gossip))).toMatchObject({ code: 'AUTH_REQUIRED' })
    expect(await refusalOf(locked, connection.listKeys())).toMatchObject({ code: 'AUTH_REQUIRED' })
    expect(await refusalOf(locked, connection.stream())).toMatchObject({ code: 'AUTH_REQUIRED' })
    expect(await valuesOf(connection.auth(KEY))).toEqual([undefined])
  })

  it('is refused by an agent without a key, which accepts only the empty one', async () => {
    using connection = await greeted(plain)

    const refusal = await refusalOf(plain, connection.auth(KEY))

    expect(refusal).toMatchObject({ code: 'INVALID_AUTH_TOKEN', command: 'auth' })
    expect(await valuesOf(connection.auth(''))).toEqual([undefined])
    expect(await valueOf(connection.members())).toMatchObject([{ name: 'plain' }])
  })

  it('is part of connect(): a wrong key, one too many, or none is an error', async () => {
    const { host, port } = locked
    const members = (agent: { host: string; port: number; authKey: string }) =>
      connect(agent, (connection) => connection.members())

    expect(await valueOf(members({ host, port, authKey: KEY }))).toMatchObject([{ name: 'locked' }])
    expect(await refusalOf(locked, members({ host, port, authKey: 'wrong-key' }))).toMatchObject({
      code: 'INVALID_AUTH_TOKEN',
      command: 'auth',
    })
    expect(await refusalOf(locked, members({ host, port, authKey: '' }))).toMatchObject({
      code: 'AUTH_REQUIRED',
      command: 'members',
    })
    const keyToPlain = { host: plain.host, port: plain.port, authKey: KEY }
    expect(await refusalOf(plain, members(keyToPlain))).toMatchObject({
      code: 'INVALID_AUTH_TOKEN',
      command: 'auth',
    })
  })
})
