import { of } from 'rxjs'
import { type NearestOptions, nearestOf } from '../../lib/client/nearest'
import type { Coordinate } from 'serfx'
import { memberOf } from '../support/agents/member-of'
import { valueOf } from '../support/observe/values'

const at = (x: number): Coordinate => ({ vec: [x, 0], height: 0.001, adjustment: 0, error: 1 })

function agentWith(coordinates: Record<string, Coordinate>) {
  return {
    stats: () => of({ agent: { name: 'a' }, serf: {}, runtime: {}, tags: {}, event_handlers: {} }),
    members: () =>
      of([memberOf('c'), memberOf('d', { status: 'failed' }), memberOf('b'), memberOf('a'), memberOf('e')]),
    getCoordinate: (node: string) => of(coordinates[node] ?? null),
  }
}

describe('nearest', () => {
  it('lists the alive members with a coordinate, the nearest first', async () => {
    const agent = agentWith({ a: at(0), b: at(0.1), c: at(0.05), d: at(0.01) })
    const nearest = await valueOf(nearestOf(agent))
    expect(nearest.map(({ member, rtt }) => [member.name, Math.round(rtt)])).toEqual([
      ['a', 2],
      ['c', 52],
      ['b', 102],
    ])
    expect(await valueOf(nearestOf(agent, 2))).toHaveLength(2)
  })

  it('lists members of the same round trip by name', async () => {
    const agent = agentWith({ a: at(0), b: at(0.1), c: at(0.1), e: at(0.1) })
    const nearest = await valueOf(nearestOf(agent))
    expect(nearest.map(({ member }) => member.name)).toEqual(['a', 'b', 'c', 'e'])
  })

  it('is empty when the agent has no coordinate of its own', async () => {
    expect(await valueOf(nearestOf(agentWith({ b: at(1) })))).toEqual([])
  })

  it.each<[NearestOptions | number, string]>([
    [{}, 'a c b'],
    [Infinity, 'a c b'],
    [{ count: 1 }, 'a'],
    [{ count: undefined, within: undefined, from: undefined }, 'a c b'],
    [{ within: 2 }, 'a'],
    [{ within: 60 }, 'a c'],
    [{ within: 0 }, ''],
    [{ within: 60, count: 1 }, 'a'],
    [{ from: 'b' }, 'b c a'],
    [{ from: 'b', within: 60, count: 2 }, 'b c'],
    [{ from: 'd' }, 'a c b'],
    [{ from: 'unknown' }, ''],
    [{ from: 'e' }, ''],
  ])('with %j lists "%s"', async (options, expected) => {
    // `d` has failed: one may measure from there, but it is not listed. `e` has no coordinate.
    const agent = agentWith({ a: at(0), b: at(0.1), c: at(0.05), d: at(-1) })
    const nearest = await valueOf(nearestOf(agent, options))
    expect(nearest.map(({ member }) => member.name).join(' ')).toBe(expected)
  })

  it.each<[unknown, new () => Error]>([
    [0, RangeError],
    [1.5, RangeError],
    [NaN, RangeError],
    ['3', TypeError],
    [null, TypeError],
    [{ count: 0 }, RangeError],
    [{ within: -1 }, RangeError],
    [{ within: NaN }, RangeError],
    [{ within: '5' }, TypeError],
    [{ from: '' }, TypeError],
    [{ from: 7 }, TypeError],
    [{ limit: 3 }, TypeError],
  ])('refuses %j at the call', (options, kind) => {
    expect(() => nearestOf(agentWith({}), options as NearestOptions)).toThrow(kind)
  })
})
