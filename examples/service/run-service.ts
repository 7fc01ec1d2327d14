import {
  concat,
  defer,
  distinctUntilChanged,
  endWith,
  finalize,
  first,
  ignoreElements,
  map,
  merge,
  type Observable,
  shareReplay,
  switchMap,
  takeUntil,
  takeWhile,
} from 'rxjs'
import { type Client, filterMembers, ofQuery, respond, settle } from 'serfx'
import { unanswered } from '../terminal/unanswered'
import { tasksOf } from './share'

export interface ServiceOptions {
  /** The tag `role` of the nodes that share the tasks. */
  role: string
  tasks: readonly string[]
  /** Emits when the service must stop. */
  stop$: Observable<unknown>
  /** Milliseconds without a change among the nodes before the tasks are shared again. Default: 500. */
  quiet?: number
}

/**
 * Registers the agent's node with the tag `role`, and emits the tasks of this node each time they change.
 * Answers the query `tasks` with them. When `stop$` emits it removes the tag, so that the other nodes take
 * over. It answers queries until that is done, then closes the client and completes.
 */
export function runService(client: Client, options: ServiceOptions): Observable<readonly string[]> {
  const { role, tasks, stop$, quiet = 500 } = options

  // A restarted agent forgets its tags: keepTags sets them again.
  const registration$ = concat(
    client.keepTags({ role }).pipe(takeUntil(stop$)),
    defer(() => client.tags({}, ['role'])),
  ).pipe(ignoreElements())

  // Nodes that keep coming and going delay the others by ten times `quiet` at most.
  const nodes$ = client
    .membership()
    .pipe(filterMembers({ status: 'alive', tags: { role } }), settle(quiet, 10 * quiet))

  const own$ = client.stats().pipe(
    switchMap(({ agent }) => nodes$.pipe(map((nodes) => tasksOf(agent.name, tasks, [...nodes.keys()])))),
    distinctUntilChanged((before, now) => before.join() === now.join()),
    shareReplay({ bufferSize: 1, refCount: true }),
  )

  const answers$ = client.stream('query:tasks').pipe(
    ofQuery('tasks'),
    respond(
      () =>
        own$.pipe(
          first(),
          map((own) => own.join(' ')),
        ),
      { onError: unanswered },
    ),
    ignoreElements(),
  )

  return merge(own$, answers$, registration$.pipe(endWith('unregistered' as const))).pipe(
    takeWhile((value) => value !== 'unregistered'),
    finalize(() => client.close()),
  )
}
