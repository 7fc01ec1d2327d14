/**
 * force-leave on a member that is alive. Pruning one takes 6 s: this spec alone pays for that, and all its
 * clusters at once.
 */
import type { Connection, MemberEvent } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { opened } from '../support/agents/opened'
import { Recording, listening } from '../support/observe/recording'
import { valueOf, valuesOf } from '../support/observe/values'
import { until } from '../support/time/until'

const TO_FIND_FAILED = 50_000
/**
 * An objection that gets lost is heard with the next exchange of all states, every 15 s: memberlist config.go
 * DefaultLocalConfig.
 */
const TO_BE_HEARD = 50_000

describe.each(agentKinds)('force-leave on a member that is alive, on $kind', ({ startCluster }) => {
  let agents: readonly Agent[] = []
  let pruning: { connection: Connection; events: Recording<MemberEvent> }
  let leaving: { connection: Connection; events: Recording<MemberEvent> }
  let objecting: Connection
  let dying: Agent
  let pruned: Promise<void>
  let isPruned = false
  let began: number

  const watched = async (agent: Agent) => {
    const connection = await opened(agent)
    const stream$ = connection.stream(['member-leave', 'member-failed', 'member-reap'])
    return { connection, events: await listening(connection, stream$) }
  }
  const statuses = async (connection: Connection) =>
    Object.fromEntries((await valueOf(connection.members())).map(({ name, status }) => [name, status]))

  beforeAll(async () => {
    const [[one, other], [two, mortal], [three, ...witnesses]] = await Promise.all([
      startCluster({ name: 'survivor' }, { name: 'other' }),
      startCluster({ name: 'survivor' }, { name: 'other' }),
      startCluster({ name: 'survivor' }, { name: 'other' }, { name: 'witness' }),
    ])
    agents = [one, other, two, three, ...witnesses]
    dying = mortal
    ;[pruning, leaving, objecting] = await Promise.all([watched(one), watched(two), opened(three)])
    began = Date.now()
    pruned = valueOf(pruning.connection.forceLeave('other', { prune: true }))
    pruned.then(
      () => (isPruned = true),
      () => undefined,
    )
    await valueOf(leaving.connection.forceLeave('other'))
  }, 60_000)
  afterAll(async () => {
    for (const connection of [pruning.connection, leaving.connection, objecting]) connection.close()
    await stopAll(...agents)
  })

  it('tells nobody the members while it is pruned, which takes 6 s, and has forgotten it then', async () => {
    using elsewhere = await opened(agents[0] as Agent, { timeout: 60_000 })
    using asking = await opened(agents[0] as Agent, { timeout: 60_000 })
    using members = new Recording(asking.members())
    await valueOf(elsewhere.getCoordinate('survivor'))
    expect(isPruned).toBe(false)
    expect(members.values).toEqual([])

    await pruned
    expect(Date.now() - began).toBeGreaterThan(5_900)
    await members.ends()
    expect(members.values[0]?.map(({ name }) => name)).toEqual(['survivor'])
    const { members: reaped } = await pruning.events.find('the end', ({ type }) => type === 'member-reap')
    expect(reaped).toMatchObject([{ name: 'other', status: 'leaving' }])
    expect(pruning.events.values).toHaveLength(1)
  }, 30_000)

  it('where nobody else is there it is leaving from then on, and has left when it dies', async () => {
    expect(await statuses(leaving.connection)).toEqual({ survivor: 'alive', other: 'leaving' })

    await dying.stop()

    const event = await until('the end', () => leaving.events.values[0], TO_FIND_FAILED)
    expect(event).toMatchObject({ type: 'member-leave', members: [{ name: 'other', status: 'left' }] })
    expect(await statuses(leaving.connection)).toEqual({ survivor: 'alive', other: 'left' })
  }, 60_000)

  it('where somebody else is there it objects, and is alive again', async () => {
    expect(await valuesOf(objecting.forceLeave('other'))).toEqual([undefined])

    await until(
      'it is alive again',
      async () => (await statuses(objecting))['other'] === 'alive',
      TO_BE_HEARD,
    )
  }, 60_000)
})
