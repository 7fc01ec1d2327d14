import type { Coordinate } from './protocol/replies'

/**
 * The round trip that two coordinates let expect, in milliseconds.
 * Source: serf 0.9.4, coordinate/coordinate.go, `DistanceTo` and `rawDistanceTo`: the distance of the vectors plus both heights; the
 * adjustments are added where that does not make it negative.
 * @throws RangeError when the vectors differ in length: then the coordinates are not of one cluster.
 * @example
 * forkJoin([getCoordinate('web-1'), getCoordinate('web-2')]).subscribe(([a, b]) => a && b && console.log(rtt(a, b)))
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
