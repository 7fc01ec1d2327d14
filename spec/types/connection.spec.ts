import { expectTypeOf } from 'expect-type'
import type { Observable } from 'rxjs'
import {
  connect,
  Connection,
  type Frame,
  type KeyReport,
  type Member,
  type MemberEvent,
  type QueryAck,
  type QueryEvent,
  type QueryResponse,
  type SerfError,
  type SerfEvent,
  type UserEvent,
} from '../../lib'

// Nothing is dialled: a connection dials when something is subscribed.
const connection = new Connection({ host: 'h', authKey: '' })

test('a stream is typed by its filter', () => {
  const { stream } = connection
  expectTypeOf(stream()).toEqualTypeOf<Observable<SerfEvent>>()
  expectTypeOf(stream('*')).toEqualTypeOf<Observable<SerfEvent>>()
  expectTypeOf(stream('user')).toEqualTypeOf<Observable<UserEvent>>()
  expectTypeOf(stream('user:deploy')).toEqualTypeOf<Observable<UserEvent>>()
  expectTypeOf(stream('query')).toEqualTypeOf<Observable<QueryEvent>>()
  expectTypeOf(stream('query:upcase')).toEqualTypeOf<Observable<QueryEvent>>()
  expectTypeOf(stream('member-join')).toEqualTypeOf<Observable<MemberEvent>>()
  expectTypeOf(stream(['user:a', 'member-reap'])).toEqualTypeOf<Observable<UserEvent | MemberEvent>>()
  expectTypeOf(stream(['user', 'query'] as const)).toEqualTypeOf<Observable<UserEvent | QueryEvent>>()
  // @ts-expect-error a filter that no agent knows
  stream('member-*')
  // @ts-expect-error in a list too
  stream(['user', 'users'])
  // @ts-expect-error not a string at all
  expect(() => stream(5)).toThrow(TypeError)
})

test('acks come only where they are asked for', () => {
  const { query } = connection
  expectTypeOf(query('q')).toEqualTypeOf<Observable<QueryResponse>>()
  expectTypeOf(query('q', 'p', { timeout: 5, until: 'everyone' })).toEqualTypeOf<Observable<QueryResponse>>()
  expectTypeOf(query('q', undefined, { requestAck: true })).toEqualTypeOf<
    Observable<QueryResponse | QueryAck>
  >()
  expectTypeOf(query('q', Buffer.alloc(1), { requestAck: false })).toEqualTypeOf<Observable<QueryResponse>>()
  // @ts-expect-error no such end
  query('q', '', { until: 'forever' })
  // @ts-expect-error a misspelt option
  query('q', '', { filterNode: ['a'] })
  // @ts-expect-error a payload is text or bytes
  expect(() => query('q', { a: 1 })).toThrow(TypeError)
})

test('connect gives what `use` gives, or the connection', () => {
  expectTypeOf(connect()).toEqualTypeOf<Observable<Connection>>()
  expectTypeOf(connect({ host: 'h', timeout: 5 })).toEqualTypeOf<Observable<Connection>>()
  expectTypeOf(connect((given) => given.members())).toEqualTypeOf<Observable<Member[]>>()
  expectTypeOf(connect({}, (given) => given.stream('user'))).toEqualTypeOf<Observable<UserEvent>>()
  expectTypeOf(connect(() => Promise.resolve(5))).toEqualTypeOf<Observable<number>>()
  expectTypeOf(connect({}, () => ['a', 'b'])).toEqualTypeOf<Observable<string>>()
  // @ts-expect-error a port is a number
  expect(() => connect({ port: '7373' })).toThrow(RangeError)
  // @ts-expect-error an option that is none
  connect({ hostname: 'h' })
  // @ts-expect-error nothing that could be subscribed
  connect({}, () => 5)
})

test('the commands', () => {
  expectTypeOf(connection.handshake()).toEqualTypeOf<Observable<void>>()
  expectTypeOf(connection.event('e', new Uint8Array(1), { coalesce: false })).toEqualTypeOf<
    Observable<void>
  >()
  expectTypeOf(connection.join(['a:1'] as const, { replay: true })).toEqualTypeOf<Observable<number>>()
  expectTypeOf(connection.listKeys()).toEqualTypeOf<Observable<KeyReport>>()
  expectTypeOf(connection.monitor('warn')).toEqualTypeOf<Observable<string>>()
  expectTypeOf(connection.request('x', {})).toEqualTypeOf<Observable<Frame>>()
  expectTypeOf(connection.respond(5n)).toEqualTypeOf<Observable<void>>()
  expectTypeOf(connection.closed$).toEqualTypeOf<Observable<SerfError | undefined>>()
  expectTypeOf(connection.frames$).toEqualTypeOf<Observable<Frame>>()
  // @ts-expect-error no such level
  connection.monitor('loud')
  // @ts-expect-error an id is a number
  expect(() => connection.respond('5')).toThrow(RangeError)
  // @ts-expect-error tags are strings
  expect(() => connection.tags({ a: 5 })).toThrow(TypeError)
})

test('an event is narrowed by its type', () => {
  const told = (event: SerfEvent): string => {
    if (event.type === 'user') return event.text
    if (event.type === 'query') return String(event.id)
    expectTypeOf(event).toEqualTypeOf<MemberEvent>()
    return event.members.map(({ name }) => name).join()
  }
  expect(told({ type: 'member-join', members: [] })).toBe('')
})
