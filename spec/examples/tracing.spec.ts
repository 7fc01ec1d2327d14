import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { Program } from '../support/run/program'

describe.each(agentKinds)('tracing.ts: $kind', ({ startCluster }) => {
  let agent: Agent
  beforeAll(async () => {
    ;[agent] = await startCluster({ name: 'a' })
  })
  afterAll(() => stopAll(agent))

  it('ends the span of each command once, with its outcome, as a child of the span around it', async () => {
    await using program = Program.example('tracing.ts', [], { agent })
    const lines = await program.succeeded()
    expect([...lines].sort()).toEqual([
      'ask: ended',
      'fire: ended',
      'look: ended',
      'serf event, child of fire: completed',
      'serf members, child of look: completed',
      'serf members-filtered, child of ask: errored INVALID_FILTER',
      'serf query, child of ask: unsubscribed',
      'serf stats, child of look: completed',
    ])
  })
})
