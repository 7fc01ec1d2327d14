import { defer, NEVER, type Observable, of, throwError } from 'rxjs'
import type { Member, MemberStatus, QueryAck, QueryResponse } from 'serfx'
import type { CallRunner } from '../../../lib/connection/queries/asked'
import type { Call } from '../../../lib/protocol/call'
import { memberOf } from '../agents/member-of'

export type Answer = QueryAck | QueryResponse
export const response = (from: string, text = ''): QueryResponse => ({
  type: 'response',
  from,
  payload: Buffer.from(text),
  text,
})
export const ack = (from: string): QueryAck => ({ type: 'ack', from })

/** Members from entries such as `a` or `b failed`. The default status is alive. */
export const listed = (...entries: string[]): Member[] =>
  entries.map((entry) => {
    const [name = '', status = 'alive'] = entry.split(' ')
    return memberOf(name, { status: status as MemberStatus })
  })

/** Runs calls without an agent. It lists these members, and answers queries as the spec says. */
export function queryRunner(members: Member[] | Error) {
  let answers$: Observable<Answer> = NEVER
  const asked: string[] = []
  const run = (place: string) => (call: Call<never>) =>
    defer(() => {
      if (call.command === 'query') return answers$
      asked.push(`${place} ${call.command} ${JSON.stringify(call.body)}`)
      return members instanceof Error ? throwError(() => members) : of(members)
    }) as Observable<never>
  const agent: CallRunner = {
    run: run('here'),
    runOnOwnConnection: run('own connection'),
    ended: () => false,
  }
  const answerWith = (given$: Observable<Answer>) => {
    answers$ = given$
  }
  return { agent, asked, answerWith }
}
