import { expectTypeOf } from 'expect-type'
import { of, type Observable } from 'rxjs'
import type { MemberEvent, QueryEvent, SerfEvent, UserEvent } from '../../lib/events/event'
import {
  events,
  events$,
  ofMember,
  ofQuery,
  ofType,
  ofUser,
  respond,
  type ScriptEvent,
  type ScriptMemberEvent,
  type ScriptQueryEvent,
  type ScriptUserEvent,
} from '../../lib/handler'

declare const stream$: Observable<SerfEvent>
declare const both$: Observable<SerfEvent | ScriptEvent>

/** Compiled, never run: what is between the braces need not exist. */
const compiled = (_check: () => void): void => {
  expect(_check).toBeInstanceOf(Function)
}

describe('the types of events', () => {
  it('narrow to the event of their source', () =>
    compiled(() => {
      expectTypeOf(events$).toEqualTypeOf<Observable<ScriptEvent>>()
      expectTypeOf(events$.pipe(ofQuery('upcase'))).toEqualTypeOf<Observable<ScriptQueryEvent>>()
      expectTypeOf(events$.pipe(ofUser(/deploy/))).toEqualTypeOf<Observable<ScriptUserEvent>>()
      expectTypeOf(events$.pipe(ofMember())).toEqualTypeOf<Observable<ScriptMemberEvent>>()
      expectTypeOf(stream$.pipe(ofQuery((name) => name === 'upcase'))).toEqualTypeOf<Observable<QueryEvent>>()
      expectTypeOf(stream$.pipe(ofUser())).toEqualTypeOf<Observable<UserEvent>>()
      expectTypeOf(stream$.pipe(ofMember())).toEqualTypeOf<Observable<MemberEvent>>()
      expectTypeOf(both$.pipe(ofQuery())).toEqualTypeOf<Observable<QueryEvent | ScriptQueryEvent>>()
    }))

  it('narrow by type, and the type of member events too', () =>
    compiled(() => {
      expectTypeOf(stream$.pipe(ofType('query'))).toEqualTypeOf<Observable<QueryEvent>>()
      expectTypeOf(stream$.pipe(ofType('user', 'query'))).toEqualTypeOf<Observable<UserEvent | QueryEvent>>()
      expectTypeOf(stream$.pipe(ofType('member-join'))).toEqualTypeOf<
        Observable<MemberEvent & { type: 'member-join' }>
      >()
      stream$.pipe(ofMember('member-join', 'member-leave')).subscribe((event) => {
        expectTypeOf(event.type).toEqualTypeOf<'member-join' | 'member-leave'>()
        expectTypeOf(event).toExtend<MemberEvent>()
      })
      events$.pipe(ofMember('member-reap')).subscribe((event) => {
        expectTypeOf(event.type).toEqualTypeOf<'member-reap'>()
        expectTypeOf(event).toExtend<ScriptMemberEvent>()
      })
    }))

  it('are known to project and onError, and pass through respond', () =>
    compiled(() => {
      const answered = events$.pipe(
        ofQuery('upcase'),
        respond(
          (event) => {
            expectTypeOf(event).toEqualTypeOf<ScriptQueryEvent>()
            return event.text.toUpperCase()
          },
          {
            onError: (error, event) => {
              expectTypeOf(error).toBeUnknown()
              expectTypeOf(event).toEqualTypeOf<ScriptQueryEvent>()
            },
          },
        ),
      )
      expectTypeOf(answered).toEqualTypeOf<Observable<ScriptQueryEvent>>()
    }))

  it('accept every form of answer, and a function that knows less of the event', () =>
    compiled(() => {
      const queries$ = stream$.pipe(ofQuery())
      const jobControl = (event: { text: string }): string => event.text
      queries$.pipe(respond(jobControl))
      queries$.pipe(respond(() => Uint8Array.of(1)))
      queries$.pipe(respond(() => Buffer.from('FOO')))
      queries$.pipe(respond(() => undefined))
      queries$.pipe(respond(() => {}))
      queries$.pipe(respond(async (event) => Promise.resolve(event.text)))
      queries$.pipe(respond(async () => {}))
      queries$.pipe(respond(() => of('FOO')))
      queries$.pipe(
        respond(function* () {
          yield 'FOO'
        }),
      )
      queries$.pipe(respond((event) => (event.text === '' ? undefined : event.payload)))
      // Among all events, project is given the queries.
      expectTypeOf(stream$.pipe(respond((query) => String(query.id)))).toEqualTypeOf<typeof stream$>()
      expectTypeOf(events$.pipe(respond((query) => query.self.name))).toEqualTypeOf<typeof events$>()
    }))

  it('tell what a script knows and what a stream knows', () =>
    compiled(() => {
      expectTypeOf<ScriptQueryEvent>().not.toHaveProperty('id')
      expectTypeOf<ScriptUserEvent>().not.toHaveProperty('coalesce')
      expectTypeOf<ScriptEvent['self']>().toEqualTypeOf<{
        name: string
        role: string
        tags: Record<string, string>
      }>()
      expectTypeOf<ScriptEvent['environment']>().toEqualTypeOf<Record<string, string>>()
      expectTypeOf<keyof ScriptMemberEvent['members'][number]>().toEqualTypeOf<
        'name' | 'addr' | 'role' | 'tags' | 'raw'
      >()
      expectTypeOf<ReturnType<ScriptQueryEvent['respond']>>().toEqualTypeOf<Observable<void>>()
      expectTypeOf(events({ env: process.env, stdin: process.stdin, stdout: process.stdout })).toEqualTypeOf(
        events$,
      )
    }))

  it('fit a respond that was made before there was a pipeline', () =>
    compiled(() => {
      const shout = respond((event: { text: string }) => event.text.toUpperCase())
      expectTypeOf(events$.pipe(ofQuery(), shout)).toEqualTypeOf<Observable<ScriptQueryEvent>>()
      expectTypeOf(stream$.pipe(ofQuery(), shout)).toEqualTypeOf<Observable<QueryEvent>>()
      const script = respond((event: ScriptQueryEvent) => event.self.name)
      expectTypeOf(events$.pipe(ofQuery(), script)).toEqualTypeOf<Observable<ScriptQueryEvent>>()
    }))

  it('refuse what cannot work', () =>
    compiled(() => {
      const queries$ = events$.pipe(ofQuery())
      const users$ = events$.pipe(ofUser())
      // @ts-expect-error: a user event has nothing to respond with, so that project is given none
      users$.pipe(respond(() => 'FOO'))
      // @ts-expect-error: a number is no payload
      queries$.pipe(respond(() => 7))
      // @ts-expect-error: nor is the promise of one
      queries$.pipe(respond(() => Promise.resolve(7)))
      // @ts-expect-error: a script's query has no id
      queries$.pipe(respond((event) => String(event.id)))
      // @ts-expect-error: onError gives a payload or nothing
      queries$.pipe(respond(() => 'FOO', { onError: () => 7 }))
      // @ts-expect-error: no agent sends that
      events$.pipe(ofType('join'))
      // @ts-expect-error: a query is no member event
      events$.pipe(ofMember('query'))
      // @ts-expect-error: a name is no number
      events$.pipe(ofQuery(7))
    }))
})
