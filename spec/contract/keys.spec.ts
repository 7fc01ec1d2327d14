import type { Connection, KeyReport } from 'serfx'
import type { Observable } from 'rxjs'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'

const FIRST = 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s='
const SECOND = 'HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8='
const UNKNOWN = '5K9OtfP7efFrNKe5WCQvXvnaXJ5cWP0SvXiwe0kkjM4='

describe.each(agentKinds)('the keyring, on $kind', ({ start, startCluster }) => {
  let cluster: readonly [Agent, Agent]
  let plain: Agent
  let connection: Connection

  beforeAll(async () => {
    ;[cluster, plain] = await Promise.all([
      startCluster({ name: 'one', authKey: 'key', encryptKey: FIRST }, { name: 'two', encryptKey: FIRST }),
      start({ name: 'plain' }),
    ])
    connection = await opened(cluster[0])
  })
  afterAll(async () => {
    connection.close()
    await stopAll(...cluster, plain)
  })

  const done: KeyReport = { keys: {}, messages: {}, numErr: 0, numNodes: 2, numResp: 2 }
  const listed = async () => (await valueOf(connection.listKeys())).keys

  it('list-keys reports how many nodes hold each key', async () => {
    expect(await valuesOf(connection.listKeys())).toEqual([{ ...done, keys: { [FIRST]: 2 } }])
  })

  it('install-key, use-key and remove-key exchange the key of the whole cluster', async () => {
    expect(await valuesOf(connection.installKey(SECOND))).toEqual([done])
    expect(await listed()).toEqual({ [FIRST]: 2, [SECOND]: 2 })

    expect(await valuesOf(connection.useKey(SECOND))).toEqual([done])
    expect(await valuesOf(connection.removeKey(FIRST))).toEqual([done])
    expect(await listed()).toEqual({ [SECOND]: 2 })

    expect(await valuesOf(connection.installKey(FIRST))).toEqual([done])
    expect(await valuesOf(connection.useKey(FIRST))).toEqual([done])
    expect(await valuesOf(connection.removeKey(SECOND))).toEqual([done])
    expect(await listed()).toEqual({ [FIRST]: 2 })
  })

  it('install-key accepts a key that is installed, and remove-key one that is not', async () => {
    expect(await valuesOf(connection.installKey(FIRST))).toEqual([done])
    expect(await valuesOf(connection.removeKey(UNKNOWN))).toEqual([done])
    expect(await listed()).toEqual({ [FIRST]: 2 })
  })

  interface Refused {
    command: string
    send: (keyring: Connection) => Observable<KeyReport>
    reason: string
  }

  it.each<Refused>([
    {
      command: 'use-key',
      send: (keyring) => keyring.useKey(UNKNOWN),
      reason: 'Requested key is not in the keyring',
    },
    {
      command: 'remove-key',
      send: (keyring) => keyring.removeKey(FIRST),
      reason: 'Removing the primary key is not allowed',
    },
    {
      command: 'install-key',
      send: (keyring) => keyring.installKey('c2hvcnQ='),
      reason: 'key size must be 16, 24 or 32 bytes',
    },
  ])('$command: $reason, says each node in the body of the error', async ({ command, send, reason }) => {
    // What is sent right behind finds its own reply: the body of the failed one must not shift it.
    const [refusal, stats, members] = await Promise.all([
      refusalOf(cluster[0], send(connection)),
      valueOf(connection.stats()),
      valueOf(connection.members()),
    ])

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command })
    expect(refusal.message).toContain('2/2 nodes reported failure')
    expect(refusal.body).toEqual({
      keys: {},
      messages: { one: expect.stringContaining(reason), two: expect.stringContaining(reason) },
      numErr: 2,
      numNodes: 2,
      numResp: 2,
    })
    expect(stats.agent.name).toBe('one')
    expect(members).toHaveLength(2)
    expect(await listed()).toEqual({ [FIRST]: 2 })
  })

  it.each(['installKey', 'useKey', 'removeKey'] as const)(
    '%s refuses anything but base64, and asks no node',
    async (method) => {
      const refusal = await refusalOf(cluster[0], connection[method]('not base64'))

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR' })
      expect(refusal.message).toContain('illegal base64 data')
      expect(refusal.body).toEqual({ keys: {}, messages: {}, numErr: 0, numNodes: 0, numResp: 0 })
      expect(await listed()).toEqual({ [FIRST]: 2 })
    },
  )

  it.each([
    ['!', 0],
    ['YWJ!', 3],
    ['YWJ', 0],
    ['YWJjZ', 4],
    ['YQ=', 3],
    ['YQ=x', 2],
    ['YQ=\nx', 3],
    ['=', 0],
    ['Y=', 1],
    ['YQ==x', 4],
    ['YWI=x', 4],
  ])('tells where %j is no base64: at byte %d', async (key, place) => {
    const refusal = await refusalOf(cluster[0], connection.useKey(key))

    expect(refusal.message).toMatch(new RegExp(`illegal base64 data at input byte ${place}\\b`))
  })

  it.each(['YWJj', 'YWI=', 'YQ==', 'YQ=\n=', 'YW\nJj\n'])('takes %j for base64', async (key) => {
    const refusal = await refusalOf(cluster[0], connection.useKey(key))

    expect(refusal.message).toContain('2/2 nodes reported failure')
  })

  it.each<Refused>([
    { command: 'install-key', send: (keyring) => keyring.installKey(FIRST), reason: 'No keyring to modify' },
    { command: 'use-key', send: (keyring) => keyring.useKey(FIRST), reason: 'No keyring to modify' },
    { command: 'remove-key', send: (keyring) => keyring.removeKey(FIRST), reason: 'No keyring to modify' },
    { command: 'list-keys', send: (keyring) => keyring.listKeys(), reason: 'Keyring is empty' },
  ])(
    '$command is refused without encryption, and the connection goes on',
    async ({ command, send, reason }) => {
      using unencrypted = await opened(plain)

      const [refusal, members] = await Promise.all([
        refusalOf(plain, send(unencrypted)),
        valueOf(unencrypted.members()),
      ])

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command })
      expect(refusal.message).toContain('1/1 nodes reported failure')
      expect(refusal.message).not.toContain(FIRST)
      expect(refusal.body).toEqual({
        keys: {},
        messages: { plain: expect.stringContaining(reason) },
        numErr: 1,
        numNodes: 1,
        numResp: 1,
      })
      expect(members).toMatchObject([{ name: 'plain' }])
    },
  )

  it('is refused at the call without a key', () => {
    expect(() => connection.installKey('')).toThrow(TypeError)
    expect(() => connection.useKey('')).toThrow(TypeError)
    expect(() => connection.removeKey('')).toThrow(TypeError)
  })

  it('reports how many nodes did not answer', async () => {
    await cluster[1].stop()

    const refusal = await refusalOf(cluster[0], connection.listKeys())

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'list-keys' })
    expect(refusal.message).toContain('1/2 nodes reported success')
    expect(refusal.body).toEqual({ keys: { [FIRST]: 1 }, messages: {}, numErr: 0, numNodes: 2, numResp: 1 })
  })
})
