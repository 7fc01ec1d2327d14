/** What a configuration file alone can say, and so the real agent alone: other limits, event handlers. */
import type { Connection } from 'serfx'
import { stopAll } from '../support/agents/agents'
import { listening, observe } from '../support/observe/recording'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { SerfAgent } from '../support/agents/serf-agent'
import { valueOf, valuesOf } from '../support/observe/values'

describe('a serf agent with a configuration of its own', () => {
  let agent: SerfAgent
  let connection: Connection

  beforeAll(async () => {
    agent = await SerfAgent.start({
      name: 'configured',
      config: {
        user_event_size_limit: 2048,
        query_size_limit: 4096,
        query_response_size_limit: 8192,
        event_handlers: ['user:unheard=true', 'query:unheard=true'],
      },
    })
    connection = await opened(agent)
  })
  afterAll(async () => {
    connection.close()
    await stopAll(agent)
  })

  it('accepts events up to its own limit', async () => {
    using events = await listening(connection, connection.stream('user'))

    await valueOf(connection.event('big', 'x'.repeat(1900), { coalesce: false }))

    expect((await events.find('the event')).payload).toHaveLength(1900)
    const refusal = await refusalOf(agent, connection.event('big', 'x'.repeat(2048)))
    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'event' })
    expect(refusal.message).toContain('exceeds configured limit of 2048 bytes')
  })

  it('accepts queries and answers up to its own limits', async () => {
    using queries = await listening(connection, connection.stream('query'))
    using answers = observe(connection.query('big', 'x'.repeat(3900), { timeout: 60_000 }))
    const query = await queries.find('the query')

    const refusal = await refusalOf(agent, query.respond('x'.repeat(8192)))
    expect(await valuesOf(query.respond('x'.repeat(8000)))).toEqual([undefined])

    expect(query.payload).toHaveLength(3900)
    expect((await answers.find('the answer')).payload).toHaveLength(8000)
    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'respond' })
    expect(refusal.message).toContain('response exceeds limit of 8192 bytes')
    const tooBig = await refusalOf(agent, connection.query('big', 'x'.repeat(4096)))
    expect(tooBig.message).toContain('query exceeds limit of 4096 bytes')
  })

  it('lists its handlers in stats', async () => {
    expect((await valueOf(connection.stats())).event_handlers).toEqual({
      'user:unheard': 'true',
      'query:unheard': 'true',
    })
  })
})
