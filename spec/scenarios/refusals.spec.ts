import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { connect, Connection, type EventFilter, RpcError } from '../../lib'
import { failureOf } from '../support/observe/failure'
import { observe } from '../support/observe/recording'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'

describe('what an agent refuses', () => {
  let agent: SerfAgent
  let locked: SerfAgent
  beforeAll(async () => {
    ;[agent, locked] = await Promise.all([
      SerfAgent.start({ name: 'open' }),
      SerfAgent.start({ name: 'locked', authKey: 'sesame' }),
    ])
  })
  afterAll(async () => {
    await Promise.all([agent.stop(), locked.stop()])
  })

  const at = ({ host, port }: SerfAgent) => ({ host, port })
  const opened = () => firstValueFrom(connect({ ...at(agent), authKey: '' }))

  /** What goes on afterwards on the same connection. */
  const expectUsable = async (connection: Connection) => {
    expect(await firstValueFrom(connection.stats())).toMatchObject({ agent: { name: expect.any(String) } })
    expect(connection.closed).toBe(false)
    connection.close()
  }
  const expectRefusal = (error: unknown, command: string, code: string, words: string, by = agent) => {
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ command, code, seq: expect.any(Number) })
    expect(String(error)).toContain(`${command}: 127.0.0.1:${by.port} answered: `)
    expect(String(error)).toContain(words)
  }

  describe('keys', () => {
    test('a wrong key: INVALID_AUTH_TOKEN, without the key in it; the right one may follow', async () => {
      const connection = new Connection({ ...at(locked), authKey: 'open-says-me' })
      await firstValueFrom(connection.handshake())
      const error = await failureOf(connection.auth())
      expectRefusal(error, 'auth', 'INVALID_AUTH_TOKEN', 'SERF_RPC_AUTH', locked)
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('open-says-me')
      await firstValueFrom(connection.auth('sesame'))
      await expectUsable(connection)
    })

    test('with connect(), which gives the connection up', async () => {
      const error = await failureOf(
        connect({ ...at(locked), authKey: 'wrong' }, (connection) => connection.members()),
      )
      expectRefusal(error, 'auth', 'INVALID_AUTH_TOKEN', 'Invalid authentication token', locked)
    })

    test('no key where one is wanted: AUTH_REQUIRED, with body or without, and the connection is kept', async () => {
      const connection = new Connection({ ...at(locked), authKey: '' })
      await firstValueFrom(connection.handshake())
      for (const [command, refused$] of [
        ['members', connection.members()],
        ['event', connection.event('e', 'p')],
        ['join', connection.join('127.0.0.1:1')],
        ['list-keys', connection.listKeys()],
        ['install-key', connection.installKey('key')],
        ['stream', connection.stream()],
        ['query', connection.query('q')],
      ] as const) {
        expectRefusal(await failureOf(refused$), command, 'AUTH_REQUIRED', 'authKey', locked)
      }
      await firstValueFrom(connection.auth('sesame'))
      await expectUsable(connection)
    })

    test('a key where none is wanted: INVALID_AUTH_TOKEN', async () => {
      const error = await failureOf(connect({ ...at(agent), authKey: 'sesame' }))
      expectRefusal(error, 'auth', 'INVALID_AUTH_TOKEN', 'is not the rpc_auth of this agent')
    })
  })

  describe('the handshake', () => {
    test.each(['members', 'stats', 'event', 'join', 'auth', 'listKeys', 'query'] as const)(
      '%s before it: HANDSHAKE_REQUIRED, and the agent hangs up',
      async (name) => {
        const connection = new Connection(at(agent))
        const refused$ = {
          members: connection.members(),
          stats: connection.stats(),
          event: connection.event('e'),
          join: connection.join('127.0.0.1:1'),
          auth: connection.auth('key'),
          listKeys: connection.listKeys(),
          query: connection.query('q'),
        }[name]
        const error = await failureOf(refused$)
        expectRefusal(
          error,
          name === 'listKeys' ? 'list-keys' : name,
          'HANDSHAKE_REQUIRED',
          'handshake() first',
        )
        await until('the agent hangs up', () => connection.closed)
        expect(await failureOf(connection.members())).toMatchObject({ code: 'CONNECTION_LOST' })
      },
    )

    test('a second one: an error, and the connection goes on', async () => {
      const connection = await opened()
      expectRefusal(
        await failureOf(connection.handshake()),
        'handshake',
        'AGENT_ERROR',
        'Handshake already performed',
      )
      await expectUsable(connection)
    })

    test('another version: an error, and the right one may follow', async () => {
      const connection = new Connection(at(agent))
      expectRefusal(
        await failureOf(connection.request('handshake', { Version: 2 })),
        'handshake',
        'AGENT_ERROR',
        'Unsupported IPC version',
      )
      await firstValueFrom(connection.handshake())
      await expectUsable(connection)
    })

    test('an unknown command: UNSUPPORTED_COMMAND, and the agent hangs up', async () => {
      const connection = await opened()
      const error = await failureOf(connection.request('frobnicate'))
      expectRefusal(error, 'frobnicate', 'UNSUPPORTED_COMMAND', 'does not know it')
      await until('the agent hangs up', () => connection.closed)
    })
  })

  describe('patterns, filters and levels', () => {
    test.each([
      { name: '(' },
      { status: '[' },
      { tags: { role: 'a{2,1}' } },
      { name: '(?=look)' },
      { name: 'a)|(b' },
    ])('a bad pattern %j: that call INVALID_FILTER, the rest CONNECTION_LOST', async (filter) => {
      const connection = await opened()
      const stream = observe(connection.stream())
      const bad = observe(connection.membersFiltered(filter))
      const behind = observe(connection.stats())
      await bad.ends()
      expect(bad.error).toMatchObject({
        name: 'RpcError',
        code: 'INVALID_FILTER',
        command: 'members-filtered',
      })
      expect(String(bad.error)).toContain(`127.0.0.1:${agent.port} hung up`)
      expect(stream.error).toMatchObject({ code: 'CONNECTION_LOST', address: `127.0.0.1:${agent.port}` })
      expect(behind.error).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(String(behind.error)).toContain('stats: ')
    })

    test('the blame is for the pattern alone: a loss before its turn is CONNECTION_LOST for it too', async () => {
      const connection = await opened()
      const culprit = observe(connection.request('frobnicate'))
      const innocent = observe(connection.membersFiltered({ name: 'a.*' }))
      await innocent.ends()
      await culprit.ends()
      for (const { error } of [culprit, innocent]) {
        expect(error).toBeDefined()
        expect(error).not.toMatchObject({ code: 'INVALID_FILTER' })
      }
    })

    test('a second monitor: MONITOR_EXISTS, and the first goes on', async () => {
      const connection = await opened()
      const first = observe(connection.monitor())
      await first.reaches(1)
      expectRefusal(await failureOf(connection.monitor()), 'monitor', 'MONITOR_EXISTS', 'createClient()')
      expect(first.ended).toBe(false)
      await expectUsable(connection)
    })

    test.each(['member-*', 'users', ' user', '*user', 'query ', 'Member-join'])(
      'an unknown filter %p: INVALID_FILTER, and the connection goes on',
      async (filter) => {
        const connection = await opened()
        expectRefusal(
          await failureOf(connection.stream(filter as EventFilter)),
          'stream',
          'INVALID_FILTER',
          'Invalid event filter',
        )
        await expectUsable(connection)
      },
    )

    test('a bad pattern in the tags of a query is none to the agent: nobody answers', async () => {
      const connection = await opened()
      const answers = await lastValueFrom(
        connection.query('q', '', { filterTags: { role: '(' }, timeout: 100 }).pipe(toArray()),
      )
      expect(answers).toEqual([])
      await expectUsable(connection)
    })
  })

  describe('sizes', () => {
    test('of an event', async () => {
      const connection = await opened()
      expectRefusal(
        await failureOf(connection.event('big', Buffer.alloc(513))),
        'event',
        'AGENT_ERROR',
        'user event exceeds configured limit of 512 bytes before encoding',
      )
      expectRefusal(await failureOf(connection.event('n'.repeat(600))), 'event', 'AGENT_ERROR', '512 bytes')
      await firstValueFrom(connection.event('fits', Buffer.alloc(460), { coalesce: false }))
      await expectUsable(connection)
    })

    test('of a query', async () => {
      const connection = await opened()
      for (const payload of [1025, 100_000]) {
        expectRefusal(
          await failureOf(connection.query('big', Buffer.alloc(payload))),
          'query',
          'AGENT_ERROR',
          'query exceeds limit of 1024 bytes',
        )
      }
      expectRefusal(
        await failureOf(connection.query('_serf_conflict')),
        'query',
        'AGENT_ERROR',
        "Queries cannot contain the '_serf_' prefix",
      )
      await expectUsable(connection)
    })

    test('of a response: the query stays open, and a smaller one is taken; a second one is not', async () => {
      const connection = await opened()
      const stream = observe(connection.stream('query:size'))
      await firstValueFrom(connection.stats())
      const answers = observe(connection.query('size', '', { timeout: 15_000 }))
      const [query] = await stream.reaches(1)
      if (!query) throw new Error('no query')
      expectRefusal(
        await failureOf(query.respond(Buffer.alloc(1100))),
        'respond',
        'AGENT_ERROR',
        'response exceeds limit of 1024 bytes',
      )
      await firstValueFrom(query.respond('small'))
      await answers.reaches(1)
      expect(answers.values).toMatchObject([{ from: 'open', text: 'small' }])
      expectRefusal(
        await failureOf(query.respond('again')),
        'respond',
        'AGENT_ERROR',
        'response already sent',
      )
      expect(stream.ended || answers.ended).toBe(false)
      await expectUsable(connection)
    })

    test('of tags', async () => {
      const connection = await opened()
      expectRefusal(
        await failureOf(connection.tags({ a: 'x'.repeat(600) })),
        'tags',
        'AGENT_ERROR',
        'Encoded length of tags exceeds limit of 512 bytes',
      )
      await expectUsable(connection)
    })
  })

  describe('ids of queries', () => {
    test.each([0, 12345, 2 ** 53 - 1, 2n ** 64n - 1n])('an unknown id, %p', async (id) => {
      const connection = await opened()
      expectRefusal(
        await failureOf(connection.respond(id, 'x')),
        'respond',
        'INVALID_QUERY_ID',
        'No pending queries matching ID',
      )
      await expectUsable(connection)
    })

    test('the id of another connection', async () => {
      const [one, other] = [await opened(), await opened()]
      const stream = observe(one.stream('query:whose'))
      await firstValueFrom(one.stats())
      const answers = observe(other.query('whose', '', { timeout: 15_000 }))
      const [query] = await stream.reaches(1)
      if (!query) throw new Error('no query')
      expectRefusal(
        await failureOf(other.respond(query.id, 'mine')),
        'respond',
        'INVALID_QUERY_ID',
        'another connection received it',
      )
      await firstValueFrom(one.respond(query.id, 'mine'))
      await answers.reaches(1)
      await expectUsable(one)
      await expectUsable(other)
    })
  })
})
