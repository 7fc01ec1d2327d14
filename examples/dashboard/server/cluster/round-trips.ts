import { catchError, defer, EMPTY, map, type Observable, repeat, timer } from 'rxjs'
import type { Client } from 'serfx'

/**
 * The shortest time between two readings in ms, and what each member adds to it, because each takes a
 * command.
 */
const EVERY = 5_000
const PER_MEMBER = 20

/**
 * Milliseconds from the agent to each alive member, read repeatedly. Emits nothing while the agent is gone.
 */
export function roundTripsOf({ nearest }: Pick<Client, 'nearest'>): Observable<Record<string, number>> {
  let members = 0
  return defer(() => nearest().pipe(catchError(() => EMPTY))).pipe(
    map((neighbours) => {
      members = neighbours.length
      return Object.fromEntries(neighbours.map(({ member, rtt }) => [member.name, rounded(rtt)]))
    }),
    repeat({ delay: () => timer(EVERY + PER_MEMBER * members) }),
  )
}

/** To a microsecond: more is noise. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000
