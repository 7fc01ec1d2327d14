import fc from 'fast-check'
import { type Coordinate, rtt } from 'serfx'

const at = (vec: number[], rest: Partial<Coordinate> = {}): Coordinate => ({
  vec,
  height: 0,
  adjustment: 0,
  error: 0,
  ...rest,
})

/** Serf's own: coordinate/coordinate.go, `DistanceTo` and `rawDistanceTo`, as they are written there. */
function distanceTo(a: Coordinate, b: Coordinate): number {
  const distance = rawDistanceTo(a, b)
  const adjusted = distance + a.adjustment + b.adjustment
  return adjusted > 0 ? adjusted : distance
}

function rawDistanceTo(a: Coordinate, b: Coordinate): number {
  let sum = 0
  for (let index = 0; index < a.vec.length; index++) {
    const difference = (a.vec[index] ?? 0) - (b.vec[index] ?? 0)
    sum += difference * difference
  }
  return Math.sqrt(sum) + a.height + b.height
}

describe('rtt', () => {
  it.each([
    [at([0, 0]), at([0.003, 0.004]), 5],
    [at([0], { height: 0.001 }), at([0.01], { height: 0.002 }), 13],
    [at([0], { adjustment: 0.001 }), at([0.01], { adjustment: -0.003 }), 8],
    // Adjustments that would make it nothing, or less, do not count.
    [at([0], { adjustment: -0.005 }), at([0.01], { adjustment: -0.005 }), 10],
    [at([0], { adjustment: -0.005 }), at([0.01], { adjustment: -0.006 }), 10],
    [at([1, 2, 3]), at([1, 2, 3]), 0],
    [at([]), at([], { height: 0.001 }), 1],
  ])('of %j and %j is %d ms', (a, b, expected) => {
    expect(rtt(a, b)).toBeCloseTo(expected, 9)
    expect(rtt(b, a)).toBeCloseTo(expected, 9)
  })

  it("is Serf's own formula", () => {
    const seconds = fc.double({ min: -1, max: 1, noNaN: true })
    const coordinate = fc.record({
      vec: fc.array(seconds, { minLength: 8, maxLength: 8 }),
      height: seconds,
      adjustment: seconds,
      error: seconds,
    })
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        // Where the adjustments come to just nothing, rounding decides.
        fc.pre(Math.abs(rawDistanceTo(a, b) + a.adjustment + b.adjustment) > 1e-9)
        expect(rtt(a, b)).toBeCloseTo(1000 * distanceTo(a, b), 6)
      }),
    )
  })

  it('throws for coordinates that differ in their dimensions', () => {
    expect(() => rtt(at([1]), at([1, 2]))).toThrow(RangeError)
  })
})
