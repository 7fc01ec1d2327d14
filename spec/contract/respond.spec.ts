import { ConnectionError, type Connection, type QueryEvent, type QueryResponse } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening, observe, type Recording } from '../support/observe/recording'
import { failureOf, refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('respond, on $kind', ({ start }) => {
  let agent: Agent
  let asking: Connection
  let answering: Connection
  let queries: Recording<QueryEvent>

  beforeAll(async () => {
    agent = await start({ name: 'answers' })
    ;[asking, answering] = await Promise.all([opened(agent), opened(agent)])
    queries = await listening(answering, answering.stream('query'))
  })
  afterAll(async () => {
    asking.close()
    answering.close()
    await stopAll(agent)
  })

  /** Asks a question that nobody has asked before; whoever asked gives it up at the end of the block. */
  const ask = async (name: string, timeout = 15_000) => {
    const answers = observe<QueryResponse>(asking.query(name, undefined, { timeout }))
    const query = await queries.find(`the query ${name}`, (candidate) => candidate.name === name)
    return { answers, query, [Symbol.dispose]: () => answers.unsubscribe() }
  }

  it('emits undefined, and the asker gets the answer', async () => {
    using asked = await ask('by id')

    expect(await valuesOf(answering.respond(asked.query.id, 'here'))).toEqual([undefined])

    const answer = await asked.answers.find('the answer')
    expect(answer).toEqual({ type: 'response', from: 'answers', payload: Buffer.from('here') })
    expect(answer.text).toBe('here')
  })

  it.each([
    { what: 'a string', payload: 'ünï ☃ 🦀\n', expected: Buffer.from('ünï ☃ 🦀\n') },
    { what: 'an empty string', payload: '', expected: Buffer.alloc(0) },
    { what: 'nothing', payload: undefined, expected: Buffer.alloc(0) },
    { what: 'any bytes', payload: Buffer.from([0, 255, 128, 10]), expected: Buffer.from([0, 255, 128, 10]) },
    {
      what: 'a part of other bytes',
      payload: Uint8Array.of(9, 1, 2, 9).subarray(1, 3),
      expected: Buffer.of(1, 2),
    },
    { what: 'no bytes', payload: new Uint8Array(), expected: Buffer.alloc(0) },
  ])('carries $what, of the query itself too', async ({ what, payload, expected }) => {
    using asked = await ask(`for ${what}`)
    const response$ = asked.query.respond(payload)

    expect(await valuesOf(response$)).toEqual([undefined])

    expect((await asked.answers.find('the answer')).payload).toEqual(expected)
  })

  it('is sent at each subscription, and not before', async () => {
    using asked = await ask('cold')
    const response$ = asked.query.respond('once')
    await valueOf(answering.stats())
    expect(asked.answers.values).toEqual([])

    await valueOf(response$)
    await refusalOf(agent, response$)

    await asked.answers.find('the answer')
    expect(asked.answers.values).toHaveLength(1)
  })

  it('is refused a second time, and the connection goes on', async () => {
    using asked = await ask('twice')
    await valueOf(asked.query.respond('first'))

    const refusal = await refusalOf(agent, asked.query.respond('second'))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'respond', body: undefined })
    expect(refusal.message).toContain('response already sent')
    expect((await asked.answers.find('the answer')).text).toBe('first')
    expect(await valueOf(answering.members())).toHaveLength(1)
  })

  it.each([0, 4711, Number.MAX_SAFE_INTEGER, 2n ** 64n - 1n])(
    'is refused for the id %d, which no query has, and the connection goes on',
    async (id) => {
      const refusal = await refusalOf(agent, answering.respond(id, 'nobody asked'))

      expect(refusal).toMatchObject({ code: 'INVALID_QUERY_ID', command: 'respond', body: undefined })
      expect(refusal.message).toContain('No pending queries matching ID')
      expect(await valueOf(answering.members())).toHaveLength(1)
    },
  )

  it('is refused for an id of another connection', async () => {
    using asked = await ask('elsewhere')
    using other = await opened(agent)

    const refusal = await refusalOf(agent, other.respond(asked.query.id, 'not mine'))

    expect(refusal).toMatchObject({ code: 'INVALID_QUERY_ID', command: 'respond' })
    await valueOf(asked.query.respond('mine'))
    expect((await asked.answers.find('the answer')).text).toBe('mine')
  })

  it('is refused past the deadline', async () => {
    using asked = await ask('too late', 50)
    await until('the end of the query', () => asked.answers.completed)

    const refusal = await refusalOf(agent, asked.query.respond('late'))

    // For a moment after the deadline the agent still knows the query, but takes no answer to it.
    expect(refusal.command).toBe('respond')
    expect(refusal.message).toMatch(/No pending queries matching ID|response is past the deadline/)
    expect(asked.answers.values).toEqual([])
  })

  it('is refused beyond 1024 bytes; a smaller answer is accepted afterwards', async () => {
    using asked = await ask('too big')

    const refusal = await refusalOf(agent, asked.query.respond('x'.repeat(1025)))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'respond', body: undefined })
    expect(refusal.message).toContain('response exceeds limit of 1024 bytes')
    expect(await valuesOf(asked.query.respond('x'.repeat(900)))).toEqual([undefined])
    expect((await asked.answers.find('the answer')).text).toBe('x'.repeat(900))
    expect(asked.answers.values).toHaveLength(1)
  })

  it('to one query of two streams is accepted once', async () => {
    using second = await listening(answering, answering.stream('query:both'))
    using asked = await ask('both')
    const twin = await second.find('the query on the other stream')

    expect(twin.id).not.toBe(asked.query.id)
    await valueOf(twin.respond('one'))
    expect((await refusalOf(agent, asked.query.respond('two'))).message).toContain('response already sent')
    expect((await asked.answers.find('the answer')).text).toBe('one')
  })

  it('is lost with the connection that delivered the query', async () => {
    const gone = await opened(agent)
    const stream = await listening(gone, gone.stream('query:gone'))
    using asked = await ask('gone')
    const query = await stream.find('the query')
    gone.close()

    const error = await failureOf(query.respond('from nowhere'))

    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', address: `${agent.host}:${agent.port}` })
    expect(String(error)).toContain('respond')
    expect(asked.answers.values).toEqual([])
  })

  it('is refused at the call for an id that is no unsigned integer', () => {
    for (const id of [-1, 0.5, NaN, 2 ** 53, -1n, 2n ** 64n]) {
      expect(() => answering.respond(id)).toThrow(RangeError)
    }
    expect(() => answering.respond(1, 7 as unknown as string)).toThrow(TypeError)
  })
})
