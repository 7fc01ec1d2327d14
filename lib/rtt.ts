import type { Coordinate } from './protocol/replies'

/**
 * The estimated round-trip time between two coordinates, in milliseconds: the distance of the vectors plus
 * both heights, plus both adjustments unless they make it negative.
 * Source: serf 0.9.4, coordinate/coordinate.go, `DistanceTo` and `rawDistanceTo`.
 * @throws RangeError if the vectors differ in length, because then the coordinates are not of one cluster.
 * @example
 * forkJoin([getCoordinate('web-1'), getCoordinate('web-2')]).subscribe(
 *   ([a, b]) => a && b && console.log(rtt(a, b)),
 * )
 */
export function rtt(a: Coordinate, b: Coordinate): number {
  if (a.vec.length !== b.vec.length) {
    throw new RangeError(`coordinates of ${a.vec.length} and ${b.vec.length} dimensions cannot be compared`)
  }
  const seconds =
    Math.hypot(...a.vec.map((component, index) => component - (b.vec[index] ?? 0))) + a.height + b.height
  const adjusted = seconds + a.adjustment + b.adjustment
  return 1000 * (adjusted > 0 ? adjusted : seconds)
}
