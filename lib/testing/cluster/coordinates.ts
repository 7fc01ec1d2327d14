import { knownOptions } from '../../arguments'
import type { Coordinate } from '../../protocol/replies'

/** The coordinate of a node that has measured nothing yet. Source: serf 0.9.4, coordinate/coordinate.go. */
const ORIGIN: Coordinate = { vec: [0, 0, 0, 0, 0, 0, 0, 0], height: 1e-5, adjustment: 0, error: 1.5 }

/** Where the nodes lie. */
export class Coordinates {
  /** The coordinates that a test has set; `null` where the agent has none. */
  readonly #placed = new Map<string, Coordinate | null>()

  place(node: string, coordinate: Coordinate | null): void {
    this.#placed.set(node, coordinate && checked(coordinate))
  }

  of(node: string): Coordinate | null {
    return this.#placed.has(node) ? (this.#placed.get(node) ?? null) : ORIGIN
  }
}

function checked(coordinate: Coordinate): Coordinate {
  knownOptions(coordinate, { vec: true, height: true, adjustment: true, error: true }, 'a coordinate')
  const { vec, height, adjustment, error } = coordinate
  if (!Array.isArray(vec) || ![...vec, height, adjustment, error].every(Number.isFinite)) {
    throw new TypeError(
      'a coordinate must have an array of numbers, vec, and numbers: height, adjustment, error',
    )
  }
  return coordinate
}
