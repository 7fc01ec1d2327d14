import { expectTypeOf } from 'expect-type'
import { type Observable, of, pipe, type UnaryFunction } from 'rxjs'
import {
  type Client,
  type CommonEvent,
  type CommonMemberEvent,
  type CommonQueryEvent,
  type CommonUserEvent,
  type Member,
  type MemberEvent,
  type MemberEventType,
  ofMember,
  ofQuery,
  ofType,
  ofUser,
  type QueryEvent,
  respond,
  type SerfEvent,
  type UserEvent,
} from 'serfx'
import { events$, type ScriptEvent } from 'serfx/handler'

declare const client: Client
declare const joins$: Observable<MemberEvent>

/** Compiled, never run: what is between the braces need not exist. */
const compiled = (_check: () => void): void => {
  expect(_check).toBeInstanceOf(Function)
}

type Pipeline<Out> = UnaryFunction<Observable<CommonEvent>, Observable<Out>>

describe('the types of a pipeline that has no source yet', () => {
  it('know of a query what a stream and a script both tell', () =>
    compiled(() => {
      const upcase = pipe(
        ofQuery('upcase'),
        respond((query) => {
          expectTypeOf(query).toEqualTypeOf<CommonQueryEvent>()
          expectTypeOf(query.name).toEqualTypeOf<string>()
          expectTypeOf(query.ltime).toEqualTypeOf<number>()
          expectTypeOf(query.payload).toEqualTypeOf<Buffer>()
          expectTypeOf(query.respond('FOO')).toEqualTypeOf<Observable<void>>()
          return query.text.toUpperCase()
        }),
      )
      expectTypeOf(upcase).toEqualTypeOf<Pipeline<CommonQueryEvent>>()
    }))

  it('go behind a script and behind every stream that can bring it', () =>
    compiled(() => {
      const upcase = pipe(
        ofQuery('upcase'),
        respond((query) => query.text.toUpperCase()),
      )
      expectTypeOf(events$.pipe(upcase)).toEqualTypeOf<Observable<CommonQueryEvent>>()
      expectTypeOf(client.stream().pipe(upcase)).toEqualTypeOf<Observable<CommonQueryEvent>>()
      expectTypeOf(client.stream('query:upcase').pipe(upcase)).toEqualTypeOf<Observable<CommonQueryEvent>>()
      expectTypeOf(upcase(events$)).toEqualTypeOf<Observable<CommonQueryEvent>>()
      const greet = pipe(
        ofUser('greet'),
        ofUser((name) => name !== ''),
      )
      expectTypeOf(events$.pipe(greet)).toEqualTypeOf<Observable<CommonUserEvent>>()
      expectTypeOf(client.stream('user:greet').pipe(greet)).toEqualTypeOf<Observable<CommonUserEvent>>()
    }))

  it('tell user events, member events and types apart alike', () =>
    compiled(() => {
      expectTypeOf(pipe(ofUser('deploy'))).toEqualTypeOf<Pipeline<CommonUserEvent>>()
      expectTypeOf(pipe(ofMember())).toEqualTypeOf<Pipeline<CommonMemberEvent>>()
      expectTypeOf(pipe(ofType('query', 'user'))).toEqualTypeOf<
        Pipeline<CommonQueryEvent | CommonUserEvent>
      >()
      const joined = pipe(ofMember('member-join'))
      events$.pipe(joined).subscribe((event) => {
        expectTypeOf(event.type).toEqualTypeOf<'member-join'>()
        expectTypeOf(event.members).toEqualTypeOf<CommonMemberEvent['members']>()
      })
      joins$.pipe(joined).subscribe()
    }))

  it('hold what both worlds tell, and nothing that only one does', () =>
    compiled(() => {
      expectTypeOf<SerfEvent>().toExtend<CommonEvent>()
      expectTypeOf<ScriptEvent>().toExtend<CommonEvent>()
      expectTypeOf<Extract<CommonEvent, { type: 'query' }>>().toEqualTypeOf<CommonQueryEvent>()
      expectTypeOf<CommonEvent['type']>().toEqualTypeOf<'user' | 'query' | MemberEventType>()
      expectTypeOf<Member>().toExtend<CommonMemberEvent['members'][number]>()
      expectTypeOf<CommonQueryEvent>().not.toHaveProperty('id')
      expectTypeOf<CommonQueryEvent>().not.toHaveProperty('self')
      expectTypeOf<CommonUserEvent>().not.toHaveProperty('coalesce')
      // @ts-expect-error: a script's query has no id
      pipe(ofQuery(), respond((query) => String(query.id))) // prettier-ignore
    }))

  it('refuse what cannot work', () =>
    compiled(() => {
      // @ts-expect-error: a user event has nothing to respond with, so that project is given none
      pipe(ofUser('deploy'), respond(() => 'FOO')) // prettier-ignore
      // @ts-expect-error: nor has a member event
      pipe(ofMember(), respond(() => 'FOO')) // prettier-ignore
      // @ts-expect-error: a number is no payload
      pipe(ofQuery('upcase'), respond(() => 7)) // prettier-ignore
      // @ts-expect-error: no agent sends that
      pipe(ofType('join')) // prettier-ignore
      // @ts-expect-error: a query is no member event
      pipe(ofMember('query')) // prettier-ignore
      // @ts-expect-error: these are no events
      of(1).pipe(pipe(ofQuery('upcase')))
    }))

  it('leave an operator that has a source with the event of its source', () =>
    compiled(() => {
      expectTypeOf(client.stream().pipe(ofQuery())).toEqualTypeOf<Observable<QueryEvent>>()
      expectTypeOf(client.stream().pipe(pipe(ofQuery<SerfEvent>()))).toEqualTypeOf<Observable<QueryEvent>>()
      expectTypeOf(client.stream().pipe(ofUser<SerfEvent>())).toEqualTypeOf<Observable<UserEvent>>()
      expectTypeOf<Extract<SerfEvent, { type: 'query' }>>().toEqualTypeOf<QueryEvent>()
    }))
})
