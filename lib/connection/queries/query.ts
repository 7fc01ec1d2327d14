import { EMPTY, type Observable, switchMap } from 'rxjs'
import type { Payload } from '../../payload'
import { queryCall, type QueryOptions } from '../../protocol/calls'
import { askedBy, type CallRunner } from './asked'
import { type Answer, earlyEndOf, endingAt } from './query-end'

/** A query that ends as the option `until` says, at its deadline at the latest. */
export function queryOf(
  agent: CallRunner,
  name: string,
  payload: Payload | undefined,
  options: QueryOptions,
): Observable<Answer> {
  const call = queryCall(name, payload, options)
  const end = earlyEndOf(options)
  if (options.filterNodes?.length === 0) return EMPTY
  const answers$ = agent.run(call)
  if (end === undefined) return answers$
  if (end.share === undefined) return answers$.pipe(endingAt(end, []))
  return askedBy(agent, options).pipe(
    switchMap((asked) => (asked.length === 0 ? EMPTY : answers$.pipe(endingAt(end, asked)))),
  )
}
