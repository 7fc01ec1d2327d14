import { expectTypeOf } from 'expect-type'
import type { Observable } from 'rxjs'
import {
  type Client,
  type ClientOptions,
  type ClientStatus,
  type ConnectionOptions,
  createClient,
  type Gap,
  type Member,
  type MemberEvent,
  type QueryAck,
  type QueryEvent,
  type QueryResponse,
  type SerfEvent,
  type UserEvent,
} from 'serfx'

describe('the types of a client', () => {
  using client = createClient({ port: 1 })

  it('say what it emits', () => {
    expectTypeOf(createClient).returns.toEqualTypeOf<Client>()
    expectTypeOf(client.status$).toEqualTypeOf<Observable<ClientStatus>>()
    expectTypeOf<ClientStatus>().toEqualTypeOf<'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'>()
    expectTypeOf(client.gaps$).toEqualTypeOf<Observable<Gap>>()
    expectTypeOf<Gap['reason']>().toEqualTypeOf<'reconnected' | 'dropped'>()
    expectTypeOf(client.membership()).toEqualTypeOf<Observable<ReadonlyMap<string, Member>>>()
    expectTypeOf(client.nearest(3)).toEqualTypeOf<Observable<{ member: Member; rtt: number }[]>>()
    expectTypeOf(client.leave()).toEqualTypeOf<Observable<void>>()
  })

  it('narrow streams and queries as those of a connection', () => {
    expectTypeOf(client.stream()).toEqualTypeOf<Observable<SerfEvent>>()
    expectTypeOf(client.stream('user:deploy')).toEqualTypeOf<Observable<UserEvent>>()
    expectTypeOf(client.stream(['query', 'member-join'])).toEqualTypeOf<
      Observable<QueryEvent | MemberEvent>
    >()
    expectTypeOf(client.query('q')).toEqualTypeOf<Observable<QueryResponse>>()
    expectTypeOf(client.query('q', '', { requestAck: true })).toEqualTypeOf<
      Observable<QueryResponse | QueryAck>
    >()
  })

  it('take the options of a connection and its own', () => {
    expectTypeOf<ClientOptions>().toExtend<ConnectionOptions>()
    expectTypeOf(createClient).toBeCallableWith({ addresses: ['a:1'], reconnect: false, heartbeat: 1 })
    expectTypeOf(createClient).toBeCallableWith({ reconnect: { maxRetries: 3 }, watchDrops: true })
    // @ts-expect-error true is no option: reconnecting is the default
    expect(() => createClient({ reconnect: true })).toThrow(TypeError)
    expectTypeOf<ReadonlyMap<string, Member>>().not.toHaveProperty('clear')
  })
})
