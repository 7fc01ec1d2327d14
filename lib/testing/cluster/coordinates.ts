import type { Coordinate } from '../../protocol/replies'

/** The coordinate of a node that has measured nothing yet. Source: serf 0.9.4, coordinate/coordinate.go. */
const ORIGIN: Coordinate = { vec: [0, 0, 0, 0, 0, 0, 0, 0], height: 1e-5, adjustment: 0, error: 1.5 }

/** Where the nodes lie. */
export class Coordinates {
  /** The coordinates that a test has set; `null` where the agent has none. */
  readonly #placed = new Map<string, Coordinate | null>()

  place(node: string, coordinate: Coordinate | null): void {
    this.#placed.set(node, coordinate)
  }

  of(node: string): Coordinate | null {
    return this.#placed.has(node) ? (this.#placed.get(node) ?? null) : ORIGIN
  }
}
