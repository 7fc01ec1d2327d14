import { expectTypeOf } from 'expect-type'
import type { Observable } from 'rxjs'
import {
  type AgentStats,
  connect,
  Connection,
  type ConnectionOptions,
  type Coordinate,
  type Frame,
  type KeyReport,
  type Member,
  type MemberEvent,
  type QueryAck,
  type QueryEvent,
  type QueryResponse,
  RpcError,
  type RpcErrorCode,
  type RuntimeStats,
  SerfError,
  type SerfEvent,
  type SerfStats,
  type UserEvent,
} from 'serfx'

/** What must not compile is called in here, and never run. */
const compiled = (...calls: (() => unknown)[]) => calls.length

describe('the types of a connection', () => {
  using connection = new Connection({ authKey: '' })

  it('say what each command emits', () => {
    for (const void$ of [
      connection.handshake(),
      connection.auth(),
      connection.event('a'),
      connection.forceLeave('a'),
      connection.tags({}),
      connection.leave(),
      connection.respond(1),
    ])
      expectTypeOf(void$).toEqualTypeOf<Observable<void>>()
    expectTypeOf(connection.join('a')).toEqualTypeOf<Observable<number>>()
    expectTypeOf(connection.members()).toEqualTypeOf<Observable<Member[]>>()
    expectTypeOf(connection.membersFiltered({})).toEqualTypeOf<Observable<Member[]>>()
    expectTypeOf(connection.installKey('a')).toEqualTypeOf<Observable<KeyReport>>()
    expectTypeOf(connection.useKey).toEqualTypeOf(connection.installKey)
    expectTypeOf(connection.removeKey).toEqualTypeOf(connection.installKey)
    expectTypeOf(connection.listKeys()).toEqualTypeOf<Observable<KeyReport>>()
    expectTypeOf(connection.stats()).toEqualTypeOf<Observable<AgentStats>>()
    expectTypeOf(connection.getCoordinate('a')).toEqualTypeOf<Observable<Coordinate | null>>()
    expectTypeOf(connection.monitor()).toEqualTypeOf<Observable<string>>()
    expectTypeOf(connection.request('stats')).toEqualTypeOf<Observable<Frame>>()
    expectTypeOf(connection.closed$).toEqualTypeOf<Observable<SerfError | undefined>>()
    expectTypeOf(connection.frames$).toEqualTypeOf<Observable<Frame>>()
  })

  it('name the keys of stats, and leave room for others', () => {
    type Stats = AgentStats['serf']
    expectTypeOf<Stats['members']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Stats['coordinate_resets']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<AgentStats['runtime']['goroutines']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Stats[string]>().toEqualTypeOf<string>()
    expectTypeOf<Stats>().toExtend<Record<string, string>>()
    expectTypeOf<keyof SerfStats>().toEqualTypeOf<
      | 'members'
      | 'failed'
      | 'left'
      | 'health_score'
      | 'member_time'
      | 'event_time'
      | 'query_time'
      | 'intent_queue'
      | 'event_queue'
      | 'query_queue'
      | 'encrypted'
      | 'coordinate_resets'
    >()
    expectTypeOf<keyof RuntimeStats>().toEqualTypeOf<
      'os' | 'arch' | 'version' | 'max_procs' | 'goroutines' | 'cpu_count'
    >()
  })

  it('narrow a stream to what its filter lets through', () => {
    expectTypeOf(connection.stream()).toEqualTypeOf<Observable<SerfEvent>>()
    expectTypeOf(connection.stream(undefined)).toEqualTypeOf<Observable<SerfEvent>>()
    expectTypeOf(connection.stream('*')).toEqualTypeOf<Observable<SerfEvent>>()
    expectTypeOf(connection.stream('user')).toEqualTypeOf<Observable<UserEvent>>()
    expectTypeOf(connection.stream('user:deploy')).toEqualTypeOf<Observable<UserEvent>>()
    expectTypeOf(connection.stream('query')).toEqualTypeOf<Observable<QueryEvent>>()
    expectTypeOf(connection.stream('query:upcase')).toEqualTypeOf<Observable<QueryEvent>>()
    expectTypeOf(connection.stream('member-join')).toEqualTypeOf<Observable<MemberEvent>>()
    expectTypeOf(connection.stream(['user:a', 'user:b'])).toEqualTypeOf<Observable<UserEvent>>()
    expectTypeOf(connection.stream(['user', 'member-reap'])).toEqualTypeOf<
      Observable<UserEvent | MemberEvent>
    >()
    expectTypeOf(connection.stream(['query:a', '*'])).toEqualTypeOf<Observable<SerfEvent>>()
    const filters = ['user', 'query:a'] as const
    expectTypeOf(connection.stream(filters)).toEqualTypeOf<Observable<UserEvent | QueryEvent>>()
    const name: string = 'deploy'
    expectTypeOf(connection.stream(`user:${name}`)).toEqualTypeOf<Observable<UserEvent>>()
  })

  it('tell events apart by their type', () => {
    expectTypeOf<Extract<SerfEvent, { type: 'query' }>>().toEqualTypeOf<QueryEvent>()
    expectTypeOf<Extract<SerfEvent, { type: 'user' }>>().toEqualTypeOf<UserEvent>()
    expectTypeOf<SerfEvent['type']>().toEqualTypeOf<'user' | 'query' | MemberEvent['type']>()
    expectTypeOf<QueryEvent['respond']>().returns.toEqualTypeOf<Observable<void>>()
    expectTypeOf<UserEvent['payload']>().toEqualTypeOf<Buffer>()
    expectTypeOf<QueryEvent['id']>().toEqualTypeOf<number | bigint>()
  })

  it('have acks in a query that asks for them', () => {
    expectTypeOf(connection.query('q')).toEqualTypeOf<Observable<QueryResponse>>()
    expectTypeOf(connection.query('q', 'p', { timeout: 5 })).toEqualTypeOf<Observable<QueryResponse>>()
    expectTypeOf(connection.query('q', undefined, { requestAck: true })).toEqualTypeOf<
      Observable<QueryResponse | QueryAck>
    >()
    expectTypeOf(connection.query('q', undefined, { requestAck: false })).toEqualTypeOf<
      Observable<QueryResponse>
    >()
    expectTypeOf(connection.query('q', undefined, { requestAck: true, until: 'everyone' })).toEqualTypeOf<
      Observable<QueryResponse | QueryAck>
    >()
  })

  it('know the three forms of connect', () => {
    expectTypeOf(connect()).toEqualTypeOf<Observable<Connection>>()
    expectTypeOf(connect({ port: 1 })).toEqualTypeOf<Observable<Connection>>()
    expectTypeOf(connect((one) => one.members())).toEqualTypeOf<Observable<Member[]>>()
    expectTypeOf(connect({ port: 1 }, (one) => one.members())).toEqualTypeOf<Observable<Member[]>>()
    expectTypeOf(connect({}, () => Promise.resolve(1))).toEqualTypeOf<Observable<number>>()
    expectTypeOf(connect({}, () => ['a'])).toEqualTypeOf<Observable<string>>()
    expectTypeOf(connect)
      .parameter(0)
      .exclude<(connection: Connection) => unknown>()
      .toExtend<ConnectionOptions | undefined>()
  })

  it('take every option as undefined too', () => {
    expectTypeOf<{
      host: undefined
      port: undefined
      authKey: undefined
      timeout: undefined
      maxFrameBytes: undefined
      socket: undefined
    }>().toExtend<ConnectionOptions>()
  })

  it('know the codes of errors', () => {
    const refused = new RpcError('no', { code: 'AUTH_REQUIRED', command: 'join', seq: 1 })
    expectTypeOf(refused.code).toEqualTypeOf<RpcErrorCode>()
    expectTypeOf(refused.body).toBeUnknown()
    expectTypeOf(refused).toExtend<SerfError>()
    expect(refused).toBeInstanceOf(SerfError)
  })

  it('refuse what cannot be meant', () => {
    const count = compiled(
      // @ts-expect-error There is no such type of event.
      () => connection.stream('member-joined'),
      // @ts-expect-error Several filters are a list.
      () => connection.stream('user', 'query'),
      // @ts-expect-error There is no such level.
      () => connection.monitor('error'),
      // @ts-expect-error A payload is text or bytes.
      () => connection.event('deploy', { version: 1 }),
      // @ts-expect-error A timeout is a number.
      () => connection.query('q', 'p', { timeout: '5s' }),
      // @ts-expect-error There is no such end.
      () => connection.query('q', 'p', { until: 'first' }),
      // @ts-expect-error Tags are text.
      () => connection.tags({ weight: 5 }),
      // @ts-expect-error Patterns are text: RE2 is not JavaScript's.
      () => connection.membersFiltered({ name: /web/ }),
      // @ts-expect-error The options come first.
      () => connect((one: Connection) => one.members(), {}),
      // @ts-expect-error There is no such option.
      () => new Connection({ hots: 'a' }),
      // @ts-expect-error A code is one of those that are known.
      () => new RpcError('no', { code: 'NO', command: 'join', seq: 1 }),
    )
    expect(count).toBe(11)
  })
})
