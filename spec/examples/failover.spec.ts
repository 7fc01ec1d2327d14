import { Program } from '../support/run/program'
import { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { serf } from '../support/agents/serf-command'

jest.setTimeout(90_000)

describe('failover.ts', () => {
  it('goes on with the next address as the agents die in turn, and comes back to one that returns', async () => {
    const agents = await startCluster({ name: 'node-a' }, { name: 'node-b' }, { name: 'node-c' })
    const addresses = agents.map(({ host, port }) => `${host}:${port}`)
    await using program = Program.example('failover.ts', addresses)
    try {
      for (const agent of agents) {
        await program.printed(`connected to ${agent.name}`)
        // The client says `ready` before its stream is there again, but asks for it before it asks for the
        // name.
        await serf(agent, 'event', '-coalesce=false', 'deploy', `by-${agent.name}`)
        await program.printed(`event deploy: by-${agent.name}`)
        await agent.stop()
        await program.printed('status: reconnecting')
      }
      const [first] = agents
      if (first === undefined) throw new Error('no agent')
      const bindPort = Number(first.gossip.split(':')[1])
      await using back = await SerfAgent.start({ name: 'back', port: first.port, bindPort })
      await program.printed('connected to back')
      await serf(back, 'event', '-coalesce=false', 'deploy', 'by-back')
      await program.printed('event deploy: by-back')
      expect(program.stdout.match(/events may be missing: reconnected/g)).toHaveLength(3)
      expect(program.stderr).toBe('')
    } finally {
      await Promise.allSettled(agents.map((agent) => agent.stop()))
    }
  })

  it('ends with the reason when no agent was ever there', async () => {
    await using program = Program.example('failover.ts', ['127.0.0.1:1', '127.0.0.1:2'])
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toContain('ECONNREFUSED')
  })
})
