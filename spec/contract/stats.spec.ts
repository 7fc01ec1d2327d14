import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('stats, on $kind', ({ start }) => {
  let plain: Agent
  let locked: Agent

  beforeAll(async () => {
    ;[plain, locked] = await Promise.all([
      start({ name: 'plain', tags: { role: 'web', ['__proto__']: 'plain' } }),
      start({ name: 'locked', authKey: 'key', encryptKey: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' }),
    ])
  })
  afterAll(() => stopAll(plain, locked))

  it('has everything about the agent, as strings', async () => {
    using connection = await opened(plain)

    const [stats, ...more] = await valuesOf(connection.stats())

    expect(more).toEqual([])
    expect(stats).toEqual({
      agent: { name: 'plain' },
      serf: expect.objectContaining({
        members: '1',
        failed: '0',
        left: '0',
        encrypted: 'false',
        health_score: '0',
        event_time: expect.stringMatching(/^\d+$/),
        member_time: expect.stringMatching(/^\d+$/),
        query_time: expect.stringMatching(/^\d+$/),
        event_queue: expect.stringMatching(/^\d+$/),
        intent_queue: expect.stringMatching(/^\d+$/),
        query_queue: expect.stringMatching(/^\d+$/),
        coordinate_resets: '0',
      }),
      runtime: {
        os: expect.any(String),
        arch: expect.any(String),
        version: expect.any(String),
        max_procs: expect.stringMatching(/^\d+$/),
        goroutines: expect.stringMatching(/^\d+$/),
        cpu_count: expect.stringMatching(/^\d+$/),
      },
      tags: expect.anything(),
      event_handlers: {},
    })
    expect(Object.entries(stats?.tags ?? {}).sort()).toEqual([
      ['__proto__', 'plain'],
      ['role', 'web'],
    ])
  })

  it('changes with the agent', async () => {
    using connection = await opened(plain)
    const before = await valueOf(connection.stats())

    await valueOf(connection.event('deploy', '', { coalesce: false }))

    const after = await valueOf(connection.stats())
    expect(Number(after.serf.event_time)).toBe(Number(before.serf.event_time) + 1)
  })

  it('reports encryption', async () => {
    using connection = await opened(locked)

    expect(await valueOf(connection.stats())).toMatchObject({
      agent: { name: 'locked' },
      serf: { encrypted: 'true' },
      tags: {},
    })
  })
})
