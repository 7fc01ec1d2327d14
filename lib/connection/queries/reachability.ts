import { defer, distinct, filter, map, type Observable, of, switchMap, takeWhile, toArray } from 'rxjs'
import { knownOptions } from '../../arguments'
import { queryCall } from '../../protocol/calls'
import { askedBy, type CallRunner } from './asked'
import type { Answer } from './query-end'

export interface ReachabilityOptions {
  /** Milliseconds until the agent takes no more acks. Default: the agent's own, 1.6 to 8 s by its profile and the cluster's size. */
  timeout?: number | undefined
}

/** Who of the cluster answers; names, sorted. */
export interface Reachability {
  /** Those that are alive for the agent, and acked. */
  readonly reached: readonly string[]
  /** Those that are alive for the agent, and did not ack. */
  readonly silent: readonly string[]
  /** Those that acked, although they are not alive for the agent. */
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
