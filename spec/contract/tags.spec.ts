import type { Connection } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('tags, on $kind', ({ startCluster }) => {
  let changed: Agent
  let other: Agent
  let connection: Connection

  beforeAll(async () => {
    ;[changed, other] = await startCluster({ name: 'changed', tags: { role: 'web' } }, { name: 'other' })
    connection = await opened(changed)
  })
  afterAll(async () => {
    connection.close()
    await stopAll(changed, other)
  })

  const tagsOf = async (name: string, seenFrom = connection) =>
    (await valueOf(seenFrom.members())).find((member) => member.name === name)?.tags

  it('sets, replaces, keeps and removes tags, and emits undefined', async () => {
    expect(await valuesOf(connection.tags({ role: 'db', zone: 'a', load: '' }))).toEqual([undefined])
    expect(await tagsOf('changed')).toEqual({ role: 'db', zone: 'a', load: '' })

    expect(await valuesOf(connection.tags({ zone: 'b' }, ['load', 'absent']))).toEqual([undefined])
    expect(await tagsOf('changed')).toEqual({ role: 'db', zone: 'b' })

    expect(await valuesOf(connection.tags({}, ['role', 'zone']))).toEqual([undefined])
    expect(await tagsOf('changed')).toEqual({})
  })

  it('sets a key that is to be removed and to be set', async () => {
    await valueOf(connection.tags({ both: 'old' }))
    await valueOf(connection.tags({ both: 'new' }, ['both']))

    expect(await tagsOf('changed')).toEqual({ both: 'new' })
    await valueOf(connection.tags({}, ['both']))
  })

  it('carries any text, and keys that have a meaning in JavaScript', async () => {
    const tags = { 'a key': 'a, b=c\n\ttab', ünï: 'çödé ☃ 🦀', ['__proto__']: 'plain', constructor: 'plain' }

    await valueOf(connection.tags(tags))

    const found = await tagsOf('changed')
    expect(Object.entries(found ?? {}).sort()).toEqual(Object.entries(tags).sort())
    expect(({} as Record<string, unknown>)['plain']).toBeUndefined()
    await valueOf(connection.tags({}, Object.keys(tags)))
    expect(await tagsOf('changed')).toEqual({})
  })

  it('reaches the other members', async () => {
    using elsewhere = await opened(other)

    await valueOf(connection.tags({ seen: 'by all' }))

    await until(
      'the other agent sees the new tag',
      async () => (await tagsOf('changed', elsewhere))?.['seen'],
    )
    expect(await tagsOf('changed', elsewhere)).toEqual({ seen: 'by all' })
    expect(await tagsOf('other', elsewhere)).toEqual({})
    await valueOf(connection.tags({}, ['seen']))
  })

  it('is refused beyond 512 bytes, changes nothing, and the connection goes on', async () => {
    await valueOf(connection.tags({ before: 'kept' }))

    const refusal = await refusalOf(changed, connection.tags({ a: 'x'.repeat(600) }))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'tags', body: undefined })
    expect(refusal.message).toContain('Encoded length of tags exceeds limit of 512 bytes')
    expect(await tagsOf('changed')).toEqual({ before: 'kept' })
    await valueOf(connection.tags({}, ['before']))
  })

  it('accepts tags of exactly 512 bytes', async () => {
    await valueOf(connection.tags({ a: 'x'.repeat(505) }))

    expect(await tagsOf('changed')).toEqual({ a: 'x'.repeat(505) })
    await refusalOf(changed, connection.tags({ a: 'x'.repeat(506) }))
    await valueOf(connection.tags({}, ['a']))
  })
})
