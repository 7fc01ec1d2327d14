import { map, type Observable } from 'rxjs'
import { type Call, filteredCall, membersCall, type QueryOptions } from '../../protocol/calls'
import { anywherePattern } from '../../protocol/patterns'

/** Carries out calls: on the shared connection, or on one of their own, where a bad pattern harms no other call. */
export interface CallRunner {
  run<T>(call: Call<T>): Observable<T>
  runOnOwnConnection<T>(call: Call<T>): Observable<T>
}

/** The names of the alive members that the filters of a query select, as the agent knows them. */
export function askedBy(agent: CallRunner, { filterNodes, filterTags }: QueryOptions): Observable<string[]> {
  const tags = Object.entries(filterTags ?? {})
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
