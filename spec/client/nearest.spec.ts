import { firstValueFrom, of } from 'rxjs'
import { nearestOf } from '../../lib/client/nearest'
import type { Coordinate } from '../../lib/index'
import { memberOf } from '../support/agents/member-of'

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
    const nearest = await firstValueFrom(nearestOf(agent, Infinity))
    expect(nearest.map(({ member, rtt }) => [member.name, Math.round(rtt)])).toEqual([
      ['a', 2],
      ['c', 52],
      ['b', 102],
    ])
    expect(await firstValueFrom(nearestOf(agent, 2))).toHaveLength(2)
  })

  it('lists nobody where the agent has no coordinate of its own', async () => {
    expect(await firstValueFrom(nearestOf(agentWith({ b: at(1) }), Infinity))).toEqual([])
  })
})
