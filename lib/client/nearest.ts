import { forkJoin, from, map, mergeMap, type Observable, of, switchMap, toArray } from 'rxjs'
import { integerBetween, knownOptions, nonEmpty, shown } from '../arguments'
import type { Commands } from '../connection/commands'
import type { Member } from '../member'
import type { Coordinate } from '../protocol/replies'
import { rtt } from '../rtt'

/** A member and its estimated round trip. */
export interface Neighbour {
  member: Member
  /** Milliseconds, estimated from coordinates. */
  rtt: number
}

/** Which members `nearest` emits, and from where it measures. */
export interface NearestOptions {
  /** The largest number of members, from 1. Default: all. */
  count?: number | undefined
  /** The longest round trip, in ms. Default: no limit. */
  within?: number | undefined
  /** The node from which the round trips are measured. Default: the agent's own. */
  from?: string | undefined
}

/** Coordinates requested at once. More would delay the other commands of the connection. */
const AT_ONCE = 64

type Agent = Pick<Commands, 'stats' | 'members' | 'getCoordinate'>

/** See `Client.nearest`. */
export function nearestOf(agent: Agent, options: number | NearestOptions = {}): Observable<Neighbour[]> {
  const { count, within, from: start } = checked(typeof options === 'number' ? { count: options } : options)
  const start$ = start === undefined ? agent.stats().pipe(map((stats) => stats.agent.name)) : of(start)
  return forkJoin([start$, agent.members()]).pipe(
    switchMap(([name, members]) => {
      const alive = members.filter(({ status }) => status === 'alive')
      return agent.getCoordinate(name).pipe(switchMap((own) => (own ? distances(agent, own, alive) : of([]))))
    }),
    map((neighbours) =>
      neighbours
        .filter((neighbour) => neighbour.rtt <= within)
        .sort(byDistance)
        .slice(0, count),
    ),
  )
}

function checked(options: NearestOptions) {
  knownOptions(options, { count: true, within: true, from: true }, 'the options of nearest')
  const { count = Infinity, within = Infinity } = options
  if (count !== Infinity) integerBetween(count, 1, Number.MAX_SAFE_INTEGER, 'the count of nearest')
  if (typeof within !== 'number') {
    throw new TypeError(`the option within must be a number of ms, not ${shown(within)}`)
  }
  if (!(within >= 0)) throw new RangeError(`the option within must be 0 ms or more, not ${within}`)
  return {
    count,
    within,
    from: options.from === undefined ? undefined : nonEmpty(options.from, 'the option from'),
  }
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
