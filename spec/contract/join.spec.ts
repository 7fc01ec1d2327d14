import type { Connection } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening } from '../support/observe/recording'
import { freePort } from '../support/agents/free-port'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

const ONE_KEY = 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s='
const OTHER_KEY = 'HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8='

describe.each(agentKinds)('join, on $kind', ({ start }) => {
  let agents: Agent[] = []
  let nobody: string

  beforeAll(async () => {
    nobody = `127.0.0.1:${await freePort()}`
    agents = await Promise.all([
      start({ name: 'joiner' }),
      start({ name: 'first' }),
      start({ name: 'second' }),
      start({ name: 'locked', authKey: 'key', encryptKey: ONE_KEY }),
      start({ name: 'locked, too', encryptKey: ONE_KEY }),
      start({ name: 'locked otherwise', encryptKey: OTHER_KEY }),
      start({ name: 'replayed' }),
      start({ name: 'not replayed' }),
    ])
  })
  afterAll(() => stopAll(...agents))

  const called = (name: string): Agent => {
    const agent = agents.find((candidate) => candidate.name === name)
    if (!agent) throw new Error(`no agent is called ${name}`)
    return agent
  }

  const alive = async (connection: Connection) =>
    (await valueOf(connection.members()))
      .filter(({ status }) => status === 'alive')
      .map(({ name }) => name)
      .sort()

  it('emits how many agents were reached, and both sides list each other', async () => {
    using joiner = await opened(called('joiner'))
    using first = await opened(called('first'))

    expect(await valuesOf(joiner.join(called('first').gossip))).toEqual([1])

    expect(await alive(joiner)).toEqual(['first', 'joiner'])
    await until('the other lists both', async () => (await alive(first)).length === 2)
    expect(await alive(first)).toEqual(['first', 'joiner'])
  })

  it('accepts several addresses, and succeeds if some can be reached', async () => {
    using second = await opened(called('second'))

    expect(await valuesOf(second.join([called('first').gossip, nobody]))).toEqual([1])
    expect(await valuesOf(second.join([called('first').gossip, called('joiner').gossip]))).toEqual([2])

    expect(await alive(second)).toEqual(['first', 'joiner', 'second'])
  })

  it('reaches nobody without an address', async () => {
    using second = await opened(called('second'))

    expect(await valuesOf(second.join([]))).toEqual([0])
  })

  it.each([1, 2])(
    'errors if none of %d can be reached, with the number on body, and the connection goes on',
    async (count) => {
      using joiner = await opened(called('joiner'))
      const before = await alive(joiner)

      const refused = refusalOf(called('joiner'), joiner.join(Array.from({ length: count }, () => nobody)))
      // What is sent right behind finds its own reply: the body of the failed one must not shift it.
      const [refusal, stats, members] = await Promise.all([
        refused,
        valueOf(joiner.stats()),
        valueOf(joiner.members()),
      ])

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'join', body: 0 })
      expect(refusal.message).toContain(`${count} error${count === 1 ? '' : 's'} occurred`)
      expect(refusal.message).toContain('connection refused')
      expect(stats.agent.name).toBe('joiner')
      expect(members.length).toBeGreaterThanOrEqual(before.length)
    },
  )

  it('joins agents that encrypt with the same key', async () => {
    using locked = await opened(called('locked'))

    expect(await valuesOf(locked.join(called('locked, too').gossip))).toEqual([1])
    expect(await alive(locked)).toEqual(['locked', 'locked, too'])
  })

  it.each(['joiner', 'locked otherwise'])(
    'errors when %s does not have the key of the other',
    async (name) => {
      using locked = await opened(called('locked'))

      const refusal = await refusalOf(called('locked'), locked.join(called(name).gossip))

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'join', body: 0 })
      expect(refusal.message).toContain('1 error occurred')
      expect(await alive(locked)).not.toContain(name)
    },
  )

  it('delivers all old user events only with replay, each on its own', async () => {
    using joiner = await opened(called('joiner'))
    await valueOf(joiner.event('old', 'news'))
    await valueOf(joiner.event('old', 'more news'))
    using replayed = await opened(called('replayed'))
    using notReplayed = await opened(called('not replayed'))
    using withReplay = await listening(replayed, replayed.stream('user'))
    using without = await listening(notReplayed, notReplayed.stream('user'))

    expect(await valuesOf(replayed.join(called('joiner').gossip, { replay: true }))).toEqual([1])
    expect(await valuesOf(notReplayed.join(called('joiner').gossip))).toEqual([1])

    await withReplay.find('the newer event', ({ text }) => text === 'more news')
    expect(withReplay.values).toMatchObject([
      { name: 'old', text: 'news', coalesce: false },
      { name: 'old', text: 'more news', coalesce: false },
    ])
    await valueOf(notReplayed.event('new', undefined, { coalesce: false }))
    await without.find('the new event', ({ name }) => name === 'new')
    expect(without.values.map(({ name }) => name)).toEqual(['new'])
  })

  it('is refused at the call for addresses that are no strings', async () => {
    using joiner = await opened(called('joiner'))

    expect(() => joiner.join('')).toThrow(TypeError)
    expect(() => joiner.join([''])).toThrow(TypeError)
    expect(() => joiner.join([7946 as unknown as string])).toThrow(TypeError)
  })
})
