import fc from 'fast-check'
import { firstValueFrom } from 'rxjs'
import { connect, type Coordinate, rtt } from '../lib'
import { serf } from './support/serf-command'
import { startCluster } from './support/serf-cluster'
import { until } from './support/until'

const at = (vec: number[], height = 0, adjustment = 0): Coordinate => ({
  vec,
  height,
  adjustment,
  error: 1.5,
})

describe('rtt', () => {
  // Serf's own test of DistanceTo (coordinate/coordinate_test.go), in milliseconds.
  const c1 = [-0.5, 1.3, 2.4]
  const c2 = [1.2, -2.3, 3.4]
  test.each([
    ['to itself', at(c1), at(c1), 0],
    ['of two vectors', at(c1), at(c2), 4104.875],
    [
      'with negative adjustments that are left out where the sum would be negative',
      at(c1, 0, -1e6),
      at(c2, 0, -1e6),
      4104.875,
    ],
    ['with adjustments', at(c1, 0, 0.1), at(c2, 0, 0.2), 4104.875 + 300],
    ['with heights', at(c1, 0.7), at(c2, 0.1), 4104.875 + 800],
    ['of nothing', at([], 0.001), at([], 0.002), 3],
  ])('%s', (_name, a, b, expected) => {
    expect(rtt(a, b)).toBeCloseTo(expected, 2)
  })

  test('is the same both ways, and never negative', () => {
    const coordinate = fc.record({
      vec: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 }),
      height: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      adjustment: fc.double({ min: -1, max: 1, noNaN: true }),
      error: fc.constant(1.5),
    })
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        expect(rtt(a, b)).toBeCloseTo(rtt(b, a), 9)
        expect(rtt(a, b)).toBeGreaterThan(0)
      }),
    )
  })

  test('vectors of different length cannot be compared', () => {
    expect(() => rtt(at([1]), at([1, 2]))).toThrow(RangeError)
  })

  test('is what `serf rtt` prints for the same nodes', async () => {
    const [a, b] = await startCluster({ name: 'rtt-a' }, { name: 'rtt-b' })
    if (!a || !b) throw new Error('no agents')
    const connection = await firstValueFrom(connect({ host: a.host, port: a.port, authKey: '' }))
    const coordinates = () =>
      Promise.all([
        firstValueFrom(connection.getCoordinate('rtt-a')),
        firstValueFrom(connection.getCoordinate('rtt-b')),
      ])
    try {
      // Coordinates move with every probe: compared is what stood still while the command ran.
      await until('the coordinates stand still', async () => {
        const [one, other] = await coordinates()
        if (!one || !other) return false
        const printed = await serf(a, 'rtt', 'rtt-a', 'rtt-b')
        if (JSON.stringify(await coordinates()) !== JSON.stringify([one, other])) return false
        expect(printed).toContain(`${rtt(one, other).toFixed(3)} ms`)
        return true
      })
    } finally {
      connection.close()
      await Promise.all([a.stop(), b.stop()])
    }
  })
})
