import { forkJoin, from, map, mergeMap, type Observable, of, switchMap, toArray } from 'rxjs'
import type { Commands } from '../connection/commands'
import type { Member } from '../member'
import type { Coordinate } from '../protocol/replies'
import { rtt } from '../rtt'

/** A member, and how long a packet to it and back should take. */
export interface Neighbour {
  member: Member
  /** Milliseconds, estimated from coordinates. */
  rtt: number
}

/** Coordinates asked for at once: other commands find their way between. */
const AT_ONCE = 64

/** The alive members by their distance from the agent. Those without a coordinate are left out; all are, where the agent has none. */
export function nearestOf(
  agent: Pick<Commands, 'stats' | 'members' | 'getCoordinate'>,
  count: number,
): Observable<Neighbour[]> {
  return forkJoin([agent.stats(), agent.members()]).pipe(
    switchMap(([stats, members]) => {
      const alive = members.filter(({ status }) => status === 'alive')
      return agent
        .getCoordinate(stats.agent.name)
        .pipe(switchMap((own) => (own ? distances(agent, own, alive) : of([]))))
    }),
    map((neighbours) => neighbours.sort(byDistance).slice(0, count)),
  )
}

function distances(
  agent: Pick<Commands, 'getCoordinate'>,
  own: Coordinate,
  members: readonly Member[],
): Observable<Neighbour[]> {
  return from(members).pipe(
    mergeMap(
      (member) => agent.getCoordinate(member.name).pipe(map((coordinate) => ({ member, coordinate }))),
      AT_ONCE,
    ),
    toArray(),
    map((all) =>
      all.flatMap(({ member, coordinate }) => (coordinate ? [{ member, rtt: rtt(own, coordinate) }] : [])),
    ),
  )
}

function byDistance(a: Neighbour, b: Neighbour): number {
  return a.rtt - b.rtt || (a.member.name < b.member.name ? -1 : 1)
}
