import fc from 'fast-check'
import { backoffDelay, longestDelay, Backoff } from '../../lib/client/backoff'

const limits = { initialDelay: 100, maxDelay: 10_000 }

describe('backoff', () => {
  it('doubles up to the maximum', () => {
    expect([0, 1, 2, 3, 6, 7, 1_000].map((attempt) => longestDelay(attempt, limits))).toEqual([
      100, 200, 400, 800, 6_400, 10_000, 10_000,
    ])
  })

  it('is random, from 0 to the longest delay', () => {
    expect(backoffDelay(3, 0, limits)).toBe(0)
    expect(backoffDelay(3, 0.5, limits)).toBe(400)
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.record({ initialDelay: fc.nat(100_000), maxDelay: fc.nat(100_000) }),
        (attempt, random, drawn) => {
          const delay = backoffDelay(attempt, random, drawn)
          return delay >= 0 && delay <= drawn.maxDelay
        },
      ),
    )
  })
})

describe('backoff', () => {
  const highest = () => 1

  it('starts again after a connection that lasted longer than the next delay', () => {
    const backoff = new Backoff(limits, highest)
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([100, 200, 400])
    backoff.connected(1_000)
    backoff.lost(1_800)
    expect(backoff.next()).toBe(100)
  })

  it('keeps growing when an agent accepts connections and dies at once', () => {
    const backoff = new Backoff(limits, highest)
    const delays = [0, 1, 2, 3].map((time) => {
      backoff.connected(time)
      backoff.lost(time)
      return backoff.next()
    })
    expect(delays).toEqual([100, 200, 400, 800])
  })
})
