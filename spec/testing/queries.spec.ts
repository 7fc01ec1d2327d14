import { connect, type Connection, respond } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { listening } from '../support/observe/recording'
import { valueOf, valuesOf } from '../support/observe/values'

describe('queries of a TestAgent', () => {
  let agent: TestAgent
  let connection: Connection

  beforeEach(async () => {
    agent = await TestAgent.start({
      name: 'self',
      tags: { role: 'web' },
      members: [
        { name: 'db-1', tags: { role: 'db' } },
        { name: 'db-2', tags: { role: 'db', zone: 'eu' } },
        { name: 'gone', tags: { role: 'db' }, status: 'failed' },
      ],
    })
    connection = await valueOf(connect({ host: agent.host, port: agent.port, authKey: '' }))
  })
  afterEach(async () => {
    connection.close()
    await agent.stop()
  })

  const answers = async (...asked: Parameters<Connection['query']>) =>
    (await valuesOf(connection.query(...asked))).map(({ from, text }) => `${from} ${text}`)
  const quick = { timeout: 100 }

  it('are answered by each alive node', async () => {
    agent.onQuery('who', ({ node, text }) => `${text} ${node}`)
    expect(await answers('who', 'I am', quick)).toEqual([
      'self I am self',
      'db-1 I am db-1',
      'db-2 I am db-2',
    ])
  })

  it('are for those that the filters select; tag patterns match anywhere', async () => {
    agent.onQuery('who', () => 'me')
    const asked = async (options: Parameters<Connection['query']>[2]) =>
      (await answers('who', undefined, { ...quick, ...options })).map((answer) => answer.split(' ')[0])
    expect(await asked({ filterNodes: ['db-1', 'gone', 'nobody'] })).toEqual(['db-1'])
    expect(await asked({ filterTags: { role: 'd' } })).toEqual(['db-1', 'db-2'])
    expect(await asked({ filterTags: { role: 'd', zone: '^eu$' } })).toEqual(['db-2'])
    expect(await asked({ filterTags: { zone: '^$' } })).toEqual(['self', 'db-1'])
    expect(await asked({ filterTags: { role: '(?i)DB' } })).toEqual(['db-1', 'db-2'])
    expect(await asked({ filterTags: { role: '(' } })).toEqual([])
    expect(await asked({ filterTags: { constructor: '.' } })).toEqual([])
  })

  it('end early with until: everyone, whose pattern members-filtered understands', async () => {
    agent.onQuery('who', () => 'me')
    const options = { timeout: 60_000, until: 'everyone', filterTags: { role: 'd|x' } } as const
    expect(await answers('who', undefined, options)).toEqual(['db-1 me', 'db-2 me'])
  })

  it('are acked by all, also by those who are silent', async () => {
    agent.onQuery('some', ({ node }) => (node === 'db-1' ? 'here' : undefined))
    const records = await valuesOf(connection.query('some', undefined, { ...quick, requestAck: true }))
    expect(records.map(({ type, from }) => `${type} ${from}`)).toEqual([
      'ack self',
      'ack db-1',
      'ack db-2',
      'response db-1',
    ])
  })

  it('take a promise for a delay, up to the deadline', async () => {
    agent.onQuery('slow', async ({ node }) => {
      await new Promise((resolve) => setTimeout(resolve, node === 'db-1' ? 20 : 300).unref())
      return node
    })
    expect(await answers('slow', undefined, quick)).toEqual(['db-1 db-1'])
  })

  it('lose answers that are too large', async () => {
    agent.onQuery('big', ({ node }) => 'x'.repeat(node === 'db-1' ? 10 : 1100))
    expect(await answers('big', undefined, quick)).toEqual([`db-1 ${'x'.repeat(10)}`])
  })

  it('are silent where a handler throws, of which stop tells', async () => {
    await using fragile = await TestAgent.start()
    using other = await valueOf(connect({ port: fragile.port, authKey: '' }))
    fragile.onQuery('bad', () => {
      throw new Error('not today')
    })
    expect(await valuesOf(other.query('bad', undefined, quick))).toEqual([])
    await expect(fragile.stop()).rejects.toMatchObject({ cause: { message: 'not today' } })
  })

  it('of other nodes capture what a client answers', async () => {
    const stream = await listening(
      connection,
      connection.stream('query:upcase').pipe(respond(({ text }) => text.toUpperCase())),
    )
    expect(await agent.query('upcase', 'abc')).toEqual({ payload: Buffer.from('ABC'), text: 'ABC' })
    stream.unsubscribe()
    expect(await agent.query('upcase', 'abc', { timeout: 20 })).toBeUndefined()
    await expect(agent.query('x'.repeat(2000))).rejects.toThrow(RangeError)
  })

  it('of clients are answered by clients for the own node, once', async () => {
    agent.onQuery('who', ({ node }) => (node === 'self' ? undefined : node))
    using stream = await listening(connection, connection.stream('query:who').pipe(respond(() => 'a client')))
    expect((await answers('who', undefined, quick)).sort()).toEqual([
      'db-1 db-1',
      'db-2 db-2',
      'self a client',
    ])
    expect(stream.values).toHaveLength(1)
  })

  it('end with records of nobody, if told to, which a client passes over', async () => {
    await using noisy = await TestAgent.start({ spuriousRecords: 3 })
    using other = await valueOf(connect({ port: noisy.port, authKey: '' }))
    const frames: unknown[] = []
    other.frames$.subscribe(({ body }) => frames.push(body))
    noisy.onQuery('who', () => 'me')
    expect(await valuesOf(other.query('who', undefined, quick))).toHaveLength(1)
    expect(frames).toContainEqual({ From: '', Payload: null, Type: 'response' })
  })
})
