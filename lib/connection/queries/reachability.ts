import { defer, distinct, filter, map, type Observable, of, switchMap, takeWhile, toArray } from 'rxjs'
import { knownOptions } from '../../arguments'
import { queryCall } from '../../protocol/query-call'
import { askedBy, type CallRunner } from './asked'
import type { Answer } from './query-end'

/** How long `reachability` waits. */
export interface ReachabilityOptions {
  /**
   * Milliseconds until the agent stops accepting acks. Default: chosen by the agent, 1.6 to 8 s, depending on
   * its profile and on the size of the cluster.
   */
  timeout?: number | undefined
}

/** The nodes of the cluster that answer and those that do not, sorted by name. */
export interface Reachability {
  /** The nodes that are alive for the agent and have acked. */
  readonly reached: readonly string[]
  /** The nodes that are alive for the agent and have not acked. */
  readonly silent: readonly string[]
  /** The nodes that have acked although they are not alive for the agent. */
  readonly unexpected: readonly string[]
}

/** See `Commands.reachability`. */
export function reachabilityOf(
  agent: CallRunner,
  options: ReachabilityOptions = {},
): Observable<Reachability> {
  const { timeout } = knownOptions(options, { timeout: true }, 'the options of reachability')
  const acks$ = agent.run(queryCall('_serf_ping', undefined, { requestAck: true, timeout }))
  return askedBy(agent, {}).pipe(
    switchMap((alive) => (alive.length === 0 ? of(sorted([], [], [])) : reachedOf(alive, acks$))),
  )
}

function reachedOf(alive: readonly string[], acks$: Observable<Answer>): Observable<Reachability> {
  return defer(() => {
    const silent = new Set(alive)
    return acks$.pipe(
      filter(({ type }) => type === 'ack'),
      map(({ from }) => from),
      distinct(),
      takeWhile((name) => !silent.delete(name) || silent.size > 0, true),
      toArray(),
      map((acked) => {
        const expected = new Set(alive)
        const reached = acked.filter((name) => expected.has(name))
        const unexpected = acked.filter((name) => !expected.has(name))
        return sorted(reached, [...silent], unexpected)
      }),
    )
  })
}

const sorted = (reached: string[], silent: string[], unexpected: string[]): Reachability => ({
  reached: reached.sort(),
  silent: silent.sort(),
  unexpected: unexpected.sort(),
})
