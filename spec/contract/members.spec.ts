import type { Connection } from 'serfx'
import { ConnectionError } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { failureOf, refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('members, on $kind', ({ start, startCluster }) => {
  let cluster: readonly [Agent, Agent, Agent]
  let locked: Agent
  let connection: Connection

  beforeAll(async () => {
    ;[cluster, locked] = await Promise.all([
      startCluster(
        { name: 'web-1', tags: { role: 'web', zone: 'a' } },
        { name: 'web-2', tags: { role: 'web', zone: 'b' } },
        { name: 'db 3, ünï', tags: {} },
      ),
      start({ name: 'locked', authKey: 'key', encryptKey: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' }),
    ])
    connection = await opened(cluster[0])
  })
  afterAll(async () => {
    connection.close()
    await stopAll(...cluster, locked)
  })

  const names = (members: { name: string }[]) => members.map(({ name }) => name).sort()

  describe('members', () => {
    it('lists every member with all its fields', async () => {
      const [members, ...more] = await valuesOf(connection.members())

      expect(more).toEqual([])
      expect(members).toHaveLength(3)
      expect(members?.find(({ name }) => name === 'web-2')).toEqual({
        name: 'web-2',
        addr: '127.0.0.1',
        port: Number(cluster[1].gossip.split(':')[1]),
        tags: { role: 'web', zone: 'b' },
        status: 'alive',
        protocolMin: expect.any(Number),
        protocolMax: expect.any(Number),
        protocolCur: expect.any(Number),
        delegateMin: expect.any(Number),
        delegateMax: expect.any(Number),
        delegateCur: expect.any(Number),
      })
      for (const {
        protocolMin,
        protocolCur,
        protocolMax,
        delegateMin,
        delegateCur,
        delegateMax,
      } of members ?? []) {
        expect(protocolMin).toBeGreaterThan(0)
        expect(protocolCur).toBeGreaterThanOrEqual(protocolMin)
        expect(protocolMax).toBeGreaterThanOrEqual(protocolCur)
        expect(delegateMin).toBeGreaterThan(0)
        expect(delegateCur).toBeGreaterThanOrEqual(delegateMin)
        expect(delegateMax).toBeGreaterThanOrEqual(delegateCur)
      }
    })

    it('keeps names with blanks, commas and letters beyond ASCII unchanged, and has {} for no tags', async () => {
      const members = await valueOf(connection.members())

      expect(names(members)).toEqual(['db 3, ünï', 'web-1', 'web-2'])
      expect(members.find(({ name }) => name === 'db 3, ünï')).toMatchObject({ tags: {}, status: 'alive' })
      expect(Object.keys(members.find(({ name }) => name === 'db 3, ünï')?.tags ?? { missing: '' })).toEqual(
        [],
      )
    })

    it('asks again at each subscription', async () => {
      const members$ = connection.members()

      const [first, second] = await Promise.all([valueOf(members$), valueOf(members$)])

      expect(names(first)).toEqual(names(second))
      expect(first).not.toBe(second)
    })

    it('is the same on an agent with auth and encryption', async () => {
      using other = await opened(locked)

      expect(await valueOf(other.members())).toMatchObject([{ name: 'locked', status: 'alive', tags: {} }])
    })
  })

  describe('members-filtered', () => {
    it('lists all for an empty filter, each as members does', async () => {
      const [all, filtered] = [
        await valueOf(connection.members()),
        await valueOf(connection.membersFiltered({})),
      ]

      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
      expect(filtered.sort(byName)).toEqual(all.sort(byName))
    })

    it.each([
      { filter: { name: 'web-1' }, found: ['web-1'] },
      { filter: { name: 'db 3, ünï' }, found: ['db 3, ünï'] },
      { filter: { name: 'web-.' }, found: ['web-1', 'web-2'] },
      { filter: { name: 'web' }, found: [] },
      { filter: { name: 'web-1|2' }, found: ['web-1'] },
      { filter: { name: 'eb-1|web-2' }, found: ['web-2'] },
      { filter: { name: '1|db.*' }, found: ['db 3, ünï'] },
      { filter: { status: 'alive' }, found: ['db 3, ünï', 'web-1', 'web-2'] },
      { filter: { status: 'ALIVE' }, found: [] },
      { filter: { status: 'failed|left' }, found: [] },
      { filter: { status: '(?i)ALIVE' }, found: ['db 3, ünï', 'web-1', 'web-2'] },
      { filter: { tags: { role: 'web' } }, found: ['web-1', 'web-2'] },
      { filter: { tags: { role: 'we' } }, found: [] },
      { filter: { tags: { role: 'w|b' } }, found: [] },
      { filter: { tags: { role: 'db|web', zone: 'b' } }, found: ['web-2'] },
      { filter: { tags: { absent: '.*' } }, found: ['db 3, ünï', 'web-1', 'web-2'] },
      { filter: { tags: { absent: '.+' } }, found: [] },
      { filter: { name: 'web-.', status: 'alive', tags: { zone: 'a' } }, found: ['web-1'] },
    ])('matches patterns whole, and all of them: $filter finds $found', async ({ filter, found }) => {
      expect(await valuesOf(connection.membersFiltered(filter))).toEqual([expect.anything()])
      expect(names(await valueOf(connection.membersFiltered(filter)))).toEqual(found)
    })

    it.each([
      { name: '(' },
      { name: 'web-1)|(web-2' },
      { status: '[' },
      { tags: { role: '(?=lookahead)' } },
      { tags: { role: 'a**' } },
      { tags: { role: 'a{2,1}' } },
    ])('errors for the bad pattern in %j, over which the agent hangs up', async (filter) => {
      using other = await opened(cluster[0])

      const [refusal, lost] = await Promise.all([
        refusalOf(cluster[0], other.membersFiltered(filter)),
        failureOf(other.stats()),
      ])

      expect(refusal).toMatchObject({ code: 'INVALID_FILTER', command: 'members-filtered', body: undefined })
      expect(refusal.message).toContain('RE2')
      expect(lost).toBeInstanceOf(ConnectionError)
      expect(lost).toMatchObject({ code: 'CONNECTION_LOST', address: `127.0.0.1:${cluster[0].port}` })
      expect(await valueOf(other.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(await valueOf(connection.members())).toHaveLength(3)
    })
  })
})
