import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  exhaustMap,
  ignoreElements,
  interval,
  merge,
  type Observable,
} from 'rxjs'
import { createClient } from 'serfx'
import { UNSTEADY } from './cast'
import type { DemoCluster } from './demo'

/** The user events that are fired, one after another. */
const EVENTS = [
  ['deploy', '{"service":"api","version":"4.2.1","by":"ci"}'],
  ['cache-purge', '/assets/*'],
  ['config-reload', 'nginx'],
  ['backup-finished', 'postgres-replica-1 18.4 GB in 6 m 12 s'],
  ['certificate-renewed', 'gateway.example.org'],
] as const

const QUERIES = ['uptime', 'version', 'zone'] as const

const FIRE_EVERY = 2_300 // ms
const ASK_EVERY = 11_000
const FAIL_EVERY = 30_000

/**
 * Things happen in the cluster: events, queries, and a node that fails and returns. Returns a function that
 * ends it.
 */
export function startLife(cluster: DemoCluster): () => Promise<void> {
  const client = createClient({ ...cluster.agent, authKey: '' })
  let turn = Promise.resolve()
  let up = true

  const fire$ = every(FIRE_EVERY, (count) => {
    const [name, payload] = EVENTS[count % EVENTS.length] ?? EVENTS[0]
    return client.event(name, payload, { coalesce: false })
  })
  const ask$ = every(ASK_EVERY, (count) => client.query(QUERIES[count % QUERIES.length] ?? 'uptime', ''))
  const comeAndGo$ = interval(FAIL_EVERY).pipe(
    exhaustMap(() => {
      turn = comeOrGo()
      return turn
    }),
  )
  async function comeOrGo(): Promise<void> {
    await (up ? cluster.fail(UNSTEADY) : cluster.restore(UNSTEADY))
    up = !up
  }
  const life = merge(fire$, ask$, comeAndGo$).subscribe({ error: (error: unknown) => console.error(error) })
  return async () => {
    life.unsubscribe()
    client.close()
    // A node that is just starting is waited for, so that it is stopped as well.
    await turn.catch(() => undefined)
  }
}

/** While the agent is away, nothing happens. */
function every(ms: number, act: (count: number) => Observable<unknown>): Observable<never> {
  return interval(ms).pipe(
    concatMap((count) => defer(() => act(count)).pipe(catchError(() => EMPTY))),
    ignoreElements(),
  )
}
