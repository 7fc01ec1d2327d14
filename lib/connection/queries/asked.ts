import { defer, map, type Observable } from 'rxjs'
import type { Call } from '../../protocol/call'
import { filteredCall, membersCall } from '../../protocol/calls'
import type { QueryOptions } from '../../protocol/query-call'
import { anywherePattern } from '../../protocol/patterns'

/**
 * Carries out calls: on the shared connection, or on one of their own, where a bad pattern harms no other
 * call.
 */
export interface CallRunner {
  run<T>(call: Call<T>): Observable<T>
  runOnOwnConnection<T>(call: Call<T>): Observable<T>
  /** Whether nothing can be sent any more, so that every call errors. */
  ended(): boolean
}

/**
 * A query with these options; `unasked$` in its place when `filterNodes` is empty, because then nothing need
 * be sent. After the end of the connection the query errors all the same.
 */
export function unlessNobody<T>(
  agent: CallRunner,
  { filterNodes }: QueryOptions,
  query$: Observable<T>,
  unasked$: Observable<T>,
): Observable<T> {
  return filterNodes?.length === 0 ? defer(() => (agent.ended() ? query$ : unasked$)) : query$
}

/**
 * The names of the alive members that the filters of a query select, according to the agent. Cold; emits
 * once.
 */
export function askedBy(
  agent: CallRunner,
  { filterNodes, filterTags = {} }: QueryOptions,
): Observable<string[]> {
  const tags = Object.entries(filterTags)
  const members$ =
    tags.length === 0
      ? agent.run(membersCall())
      : agent.runOnOwnConnection(filteredCall(Object.fromEntries(tags), 'alive', '', anywherePattern))
  const wanted = filterNodes && new Set(filterNodes)
  return members$.pipe(
    map((members) =>
      members
        .filter(({ name, status }) => status === 'alive' && (!wanted || wanted.has(name)))
        .map(({ name }) => name),
    ),
  )
}
