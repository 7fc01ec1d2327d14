import { defer, EMPTY, filter, map, type Observable, switchMap, takeWhile, tap } from 'rxjs'
import type { Member } from '../member'
import { type Call, filteredCall, membersCall, type QueryOptions } from '../protocol/calls'
import { anywherePattern } from '../protocol/patterns'
import type { QueryAck, QueryResponse } from '../protocol/replies'

/** How to ask the agent: among other calls, or where a bad pattern costs nobody else anything. */
export interface Asking {
  run<T>(call: Call<T>): Observable<T>
  runApart<T>(call: Call<T>): Observable<T>
}

/**
 * A query that completes as soon as all whom it asks have answered, each listed once. Where somebody does not, it ends when `answers$` does.
 */
export function untilEveryone(
  agent: Asking,
  options: QueryOptions,
  answers$: Observable<QueryAck | QueryResponse>,
): Observable<QueryAck | QueryResponse> {
  const kinds = options.requestAck ? (['ack', 'response'] as const) : (['response'] as const)
  return selected(agent, options).pipe(
    switchMap((names) => {
      const awaited = new Set(names.flatMap((name) => kinds.map((type) => `${type} ${name}`)))
      if (awaited.size === 0) return EMPTY
      return defer(() => {
        const seen = new Set<string>()
        return answers$.pipe(
          map((answer) => ({ answer, key: `${answer.type} ${answer.from}` })),
          filter(({ key }) => !seen.has(key)),
          tap(({ key }) => seen.add(key)),
          takeWhile(({ key }) => !awaited.delete(key) || awaited.size > 0, true),
          map(({ answer }) => answer),
        )
      })
    }),
  )
}

/** The names of the alive members that the filters select, as the agent knows them. */
function selected(agent: Asking, { filterNodes, filterTags }: QueryOptions): Observable<string[]> {
  const tags = Object.entries(filterTags ?? {})
  const members$: Observable<Member[]> =
    tags.length === 0
      ? agent.run(membersCall())
      : agent.runApart(filteredCall(Object.fromEntries(tags), 'alive', '', anywherePattern))
  const wanted = filterNodes && new Set(filterNodes)
  return members$.pipe(
    map((members) =>
      members
        .filter(({ name, status }) => status === 'alive' && (!wanted || wanted.has(name)))
        .map(({ name }) => name),
    ),
  )
}
