import { firstValueFrom } from 'rxjs'
import { connect, type Connection } from '../../lib'
import { observe } from '../support/observe/recording'
import { SerfAgent } from '../support/agents/serf-agent'

const NAMES = [
  'a,b',
  ', ,',
  'with  two spaces ',
  '日本語 – ünïcode 🐝',
  'tab\tand\nnewline',
  '"quoted" \\ (regex?) [.*]',
  'user:deploy',
  '__proto__',
  'n'.repeat(300),
]

describe('names of any kind', () => {
  let agent: SerfAgent
  let connection: Connection
  beforeAll(async () => {
    agent = await SerfAgent.start({ name: 'plain' })
    connection = await firstValueFrom(connect({ host: agent.host, port: agent.port, authKey: '' }))
  })
  afterAll(async () => {
    connection.close()
    await agent.stop()
  })

  test.each(NAMES)('an event and a query %j arrive as they were sent, and are answered', async (name) => {
    const stream = observe(connection.stream(['user', 'query']))
    await firstValueFrom(connection.stats())
    await firstValueFrom(connection.event(name, name.slice(0, 100), { coalesce: false }))
    const answers = observe(connection.query(name, name, { timeout: 15_000 }))
    await stream.reaches(2)
    expect(stream.values).toMatchObject([
      { type: 'user', name, text: name.slice(0, 100) },
      { type: 'query', name, text: name },
    ])
    const query = stream.values[1]
    if (query?.type !== 'query') throw new Error('no query')
    await firstValueFrom(query.respond(name))
    await answers.reaches(1)
    expect(answers.values).toMatchObject([{ from: 'plain', text: name }])
    stream.unsubscribe()
  })

  test.each(NAMES.filter((name) => !name.includes(',')))('a stream of %j alone', async (name) => {
    const stream = observe(connection.stream(`user:${name}`))
    await firstValueFrom(connection.stats())
    await firstValueFrom(connection.event('another', '', { coalesce: false }))
    await firstValueFrom(connection.event(name, '', { coalesce: false }))
    await stream.reaches(1)
    expect(stream.values).toMatchObject([{ name }])
    stream.unsubscribe()
  })

  test('a name with a comma cannot be filtered, and says so', () => {
    expect(() => connection.stream('user:a,b')).toThrow(TypeError)
    expect(() => connection.stream(['user', 'query:a,b'])).toThrow(/comma.*ofUser/)
  })

  test.each(NAMES)(
    'the coordinate of an unknown node %j is null, to force it out is no error',
    async (name) => {
      expect(await firstValueFrom(connection.getCoordinate(name))).toBeNull()
      await firstValueFrom(connection.forceLeave(name))
    },
  )

  test('tags of any name', async () => {
    const tags = {
      'a,b': 'c,d',
      'ü 🐝': 'ñ',
      ['__proto__']: 'kept',
      empty: '',
    }
    await firstValueFrom(connection.tags(tags))
    const [member] = await firstValueFrom(connection.members())
    expect(Object.entries(member?.tags ?? {}).sort()).toEqual(Object.entries(tags).sort())
    expect(member?.tags).toHaveProperty(['__proto__'], 'kept')
    await firstValueFrom(connection.tags({}, Object.keys(tags)))
    expect(await firstValueFrom(connection.members())).toMatchObject([{ tags: {} }])
  })
})

test.each(['a,b', 'two words', '日本語 🐝', 'n'.repeat(128)])('a node %j by its name', async (name) => {
  await using agent = await SerfAgent.start({ name })
  const options = { host: agent.host, port: agent.port, authKey: '' }
  const connection = await firstValueFrom(connect(options))
  expect(await firstValueFrom(connection.members())).toMatchObject([{ name, status: 'alive' }])
  expect(await firstValueFrom(connection.membersFiltered({ name }))).toMatchObject([{ name }])
  expect(await firstValueFrom(connection.getCoordinate(name))).toMatchObject({ vec: expect.any(Array) })
  const acks = observe(
    connection.query('_serf_ping', undefined, { filterNodes: [name], requestAck: true, timeout: 5_000 }),
  )
  await acks.reaches(1)
  expect(acks.values).toEqual([{ type: 'ack', from: name }])
  connection.close()
})
