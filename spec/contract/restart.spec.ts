/** What an agent that was killed and started again knows, and two agents of one name. */
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'
import { until } from '../support/time/until'

describe.each(agentKinds)('an agent that starts again, on $kind', ({ startCluster }) => {
  it('has only the tags of its configuration, and lists only itself until it joins', async () => {
    const [stays, killed] = await startCluster({ name: 'stays' }, { name: 'killed', tags: { role: 'web' } })
    using watching = await opened(stays)
    using before = await opened(killed)
    await valueOf(before.tags({ role: 'db', zone: 'a' }))

    const back = await killed.restarted()

    using after = await opened(back)
    expect(await valueOf(after.members())).toMatchObject([{ name: 'killed', tags: { role: 'web' } }])
    expect(await valuesOf(after.join(stays.gossip))).toEqual([1])
    expect((await valueOf(after.members())).map(({ name }) => name).sort()).toEqual(['killed', 'stays'])
    await until('the other sees its tags', async () => {
      const member = (await valueOf(watching.members())).find(({ name }) => name === 'killed')
      return member?.status === 'alive' && member.tags['role'] === 'web' && !('zone' in member.tags)
    })
    await stopAll(stays, back)
  }, 30_000)
})

describe.each(agentKinds)('two agents of one name, on $kind', ({ start, startCluster }) => {
  let agents: readonly Agent[] = []
  afterEach(() => stopAll(...agents))

  it('both end after they have joined', async () => {
    const [one, two] = await Promise.all([start({ name: 'same' }), start({ name: 'same' })])
    agents = [one, two]
    using joining = await opened(one)

    expect(await valuesOf(joining.join(two.gossip))).toEqual([1])
    await Promise.all([one.exited(), two.exited()])

    expect(await valueOf(joining.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('only the newcomer ends if others know the first one', async () => {
    const [known, witness] = await startCluster({ name: 'same' }, { name: 'witness' })
    const newcomer = await start({ name: 'same' })
    agents = [known, witness, newcomer]
    using joining = await opened(newcomer)
    using watching = await opened(witness)

    expect(await valuesOf(joining.join(witness.gossip))).toEqual([1])
    await newcomer.exited()

    known.expectAlive()
    const members = await valueOf(watching.members())
    expect(members.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'same alive',
      'witness alive',
    ])
    expect(`127.0.0.1:${members.find(({ name }) => name === 'same')?.port}`).toBe(known.gossip)
  })
})
