import { TestScheduler } from 'rxjs/testing'
import { firstValueFrom, lastValueFrom, mergeMap, type Observable, toArray } from 'rxjs'
import {
  connect,
  Connection,
  type Member,
  type QueryAck,
  type QueryOptions,
  type QueryResponse,
} from '../../lib'
import { untilEveryone } from '../../lib/connection/everyone'
import type { Call } from '../../lib/protocol/calls'
import { failureOf, record } from '../support/recording'
import { reply, ScriptedServer } from '../support/scripted-server'
import { startCluster } from '../support/serf-cluster'
import type { SerfAgent } from '../support/serf-agent'
import { until } from '../support/until'

describe('whom it waits for, in marbles', () => {
  const member = (name: string, status: Member['status'] = 'alive'): Member => ({
    name,
    status,
    addr: '',
    port: 0,
    tags: {},
    protocolMin: 0,
    protocolMax: 0,
    protocolCur: 0,
    delegateMin: 0,
    delegateMax: 0,
    delegateCur: 0,
  })
  const ANSWERS: Record<string, QueryAck | QueryResponse> = {
    ...Object.fromEntries(
      ['a', 'b', 'c', 'x'].map((from) => [
        from,
        { type: 'response', from, payload: Buffer.alloc(0), text: '' } as const,
      ]),
    ),
    A: { type: 'ack', from: 'a' },
    B: { type: 'ack', from: 'b' },
  }

  test.each<[string, Member[], QueryOptions, string, string, string]>([
    ['all alive', [member('a'), member('b')], {}, '-a-b----|', '^--!', '-a-(b|)'],
    [
      'not who failed or left',
      [member('a'), member('b', 'failed'), member('c', 'left')],
      {},
      '-a------|',
      '^!',
      '-(a|)',
    ],
    ['somebody silent: the deadline', [member('a'), member('b')], {}, '-a------|', '^-------!', '-a------|'],
    ['each is listed once', [member('a'), member('b')], {}, '-a-a-a-b--|', '^------!', '-a-----(b|)'],
    ['who was not awaited is shown', [member('a'), member('b')], {}, '-x-a-b--|', '^----!', '-x-a-(b|)'],
    [
      'acks too where they are asked for',
      [member('a'), member('b')],
      { requestAck: true },
      '-A-a-b-B-|',
      '^------!',
      '-A-a-b-(B|)',
    ],
    ['an ack is no answer', [member('a')], { requestAck: true }, '-A---|', '^----!', '-A---|'],
    ['the nodes that are asked', [member('a'), member('b')], { filterNodes: ['a'] }, '-a---|', '^!', '-(a|)'],
    ['nobody', [member('a')], { filterNodes: ['ghost'] }, '-a---|', '', '|'],
    ['an error', [member('a')], {}, '--#', '^-!', '--#'],
  ])('%s', (_name, members, options, answering, subscribed, expected) => {
    new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(
      ({ cold, expectObservable, expectSubscriptions }) => {
        const answers$ = cold(answering, ANSWERS)
        const asking = {
          run: <T>(call: Call<T>) => {
            expect(call.command).toBe('members')
            return cold('(m|)', { m: members }) as Observable<unknown> as Observable<T>
          },
          runApart: () => {
            throw new Error('without tags nothing is asked apart')
          },
        }
        expectObservable(untilEveryone(asking, options, answers$)).toBe(expected, ANSWERS)
        expectSubscriptions(answers$.subscriptions).toBe(subscribed === '' ? [] : subscribed)
      },
    )
  })
})

describe('on a cluster of three', () => {
  let agents: SerfAgent[]
  let connections: Connection[]
  beforeAll(async () => {
    agents = await startCluster(
      { name: 'one', tags: { role: 'web' } },
      { name: 'two', tags: { role: 'web' } },
      { name: 'three', tags: { role: 'db' } },
    )
    connections = await Promise.all(
      agents.map(({ host, port }) => firstValueFrom(connect({ host, port, authKey: '' }))),
    )
    for (const connection of connections) {
      record(connection.stream('query:who').pipe(mergeMap((query) => query.respond(query.text))))
      await firstValueFrom(connection.stats())
    }
  })
  afterAll(async () => {
    for (const connection of connections) connection.close()
    await Promise.all(agents.map((agent) => agent.stop()))
  })
  const first = () => {
    const [connection] = connections
    if (!connection) throw new Error('no connection')
    return connection
  }
  /** A deadline that no spec sits out: who completes has not waited for it. */
  const ask = (options: QueryOptions) =>
    lastValueFrom(
      first()
        .query('who', 'x', { until: 'everyone', timeout: 20_000, ...options })
        .pipe(toArray()),
    )
  const names = (answers: { from: string }[]) => answers.map(({ from }) => from).sort()

  test('completes when all have answered', async () => {
    expect(names(await ask({}))).toEqual(['one', 'three', 'two'])
  })

  test('with acks', async () => {
    const answers = await ask({ requestAck: true })
    expect(names(answers)).toEqual(['one', 'one', 'three', 'three', 'two', 'two'])
  })

  test('by tags, and by tags and nodes', async () => {
    expect(names(await ask({ filterTags: { role: 'we' } }))).toEqual(['one', 'two'])
    expect(names(await ask({ filterTags: { role: 'w|nothing' } }))).toEqual(['one', 'two'])
    expect(names(await ask({ filterTags: { role: 'web' }, filterNodes: ['two', 'three'] }))).toEqual(['two'])
    expect(await ask({ filterTags: { role: 'nobody' } })).toEqual([])
  })

  test('a bad pattern: INVALID_FILTER, and the connection goes on', async () => {
    const error = await failureOf(first().query('who', '', { until: 'everyone', filterTags: { role: '(' } }))
    expect(error).toMatchObject({ name: 'RpcError', code: 'INVALID_FILTER', command: 'members-filtered' })
    expect(await firstValueFrom(first().members())).toHaveLength(3)
  })

  test('filterNodes: [] selects nobody: it completes without sending', () => {
    const connection = first()
    expect(record(connection.query('who', '', { filterNodes: [] }))).toMatchObject({
      values: [],
      completed: 1,
    })
  })
})

describe('a question that is asked apart', () => {
  test('ends with the connection that asked, at once', async () => {
    await using server = await ScriptedServer.start((session) =>
      session.onRequest(({ command, seq }) => {
        // The second client, which asks apart, hears nothing.
        if (command === 'handshake' && server.sessions[0] === session) session.send(reply(seq))
      }),
    )
    const connection = await firstValueFrom(connect({ host: server.host, port: server.port, timeout: 0 }))
    const query = record(connection.query('q', '', { until: 'everyone', filterTags: { role: 'web' } }))
    const apart = await until('it asks apart', () => server.sessions[1])
    await apart.request('handshake')
    connection.close()
    expect(query.errors).toMatchObject([{ code: 'CLOSED' }])
    await until('the other socket is closed', () => apart.ended)
  })

  test('a connection that has ended asks nobody', async () => {
    await using server = await ScriptedServer.start()
    const connection = new Connection({ host: server.host, port: server.port })
    connection.close()
    const query = record(connection.query('q', '', { until: 'everyone', filterTags: { role: 'web' } }))
    expect(query.errors).toMatchObject([{ code: 'CLOSED' }])
    expect(server.sessions).toHaveLength(0)
  })
})
