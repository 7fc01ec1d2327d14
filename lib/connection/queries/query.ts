import { EMPTY, type Observable, switchMap } from 'rxjs'
import type { Payload } from '../../payload'
import { queryCall, type QueryOptions } from '../../protocol/query-call'
import { askedBy, type CallRunner, unlessNobody } from './asked'
import { type Answer, type EarlyEnd, earlyEndOf, endingAt } from './query-end'

/** A query that ends as the option `until` says, at its deadline at the latest. Cold. */
export function queryOf(
  agent: CallRunner,
  name: string,
  payload: Payload | undefined,
  options: QueryOptions,
): Observable<Answer> {
  const call = queryCall(name, payload, options)
  const end = earlyEndOf(options)
  return unlessNobody(agent, options, answersUntil(end, agent, agent.run(call), options), EMPTY)
}

function answersUntil(
  end: EarlyEnd | undefined,
  agent: CallRunner,
  answers$: Observable<Answer>,
  options: QueryOptions,
): Observable<Answer> {
  if (end === undefined) return answers$
  if (end.share === undefined) return answers$.pipe(endingAt(end, []))
  return askedBy(agent, options).pipe(
    switchMap((asked) => (asked.length === 0 ? EMPTY : answers$.pipe(endingAt(end, asked)))),
  )
}
