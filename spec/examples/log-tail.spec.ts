import { Program } from '../support/run/program'
import { SerfAgent } from '../support/agents/serf-agent'
import { serf } from '../support/agents/serf-command'
import { until } from '../support/time/until'

const addressOf = ({ host, port }: SerfAgent) => `${host}:${port}`

describe('log-tail.ts', () => {
  it('merges the logs of several agents, those that are written later too', async () => {
    await using first = await SerfAgent.start({ name: 'node-a' })
    await using second = await SerfAgent.start({ name: 'node-b' })
    await using program = Program.example('log-tail.ts', [first, second].map(addressOf))
    await program.printed('node-a ')
    await program.printed('node-b ')
    await serf(first, 'join', second.gossip)
    await until('both tell of the other', () =>
      [/^node-a .*EventMemberJoin: node-b/m, /^node-b .*EventMemberJoin: node-a/m].every((line) =>
        line.test(program.stdout),
      ),
    )
    expect(program.stdout).not.toContain('\x1b')
    expect(program.stdout).not.toContain('[DEBUG]')
    expect(program.stderr).toBe('')
  })

  it('filters by pattern and level, and colours by level', async () => {
    await using agent = await SerfAgent.start({ name: 'node-a' })
    const args = ['--level', 'debug', '--match', 'EventMemberJoin|Joining|Handling', '--colour']
    await using program = Program.example('log-tail.ts', args, { agent })
    await program.printed('EventMemberJoin')
    expect(program.lines.length).toBeGreaterThan(0)
    for (const line of program.lines) {
      expect(line).toMatch(/EventMemberJoin|Joining|Handling/)
      expect(line.startsWith('\x1b[32m')).toBe(line.includes('[INFO]'))
    }
  })

  it('goes on with the agents that are there, and says which is not', async () => {
    await using agent = await SerfAgent.start({ name: 'node-a' })
    await using program = Program.example('log-tail.ts', ['127.0.0.1:1', addressOf(agent)])
    await program.printed('127.0.0.1:1')
    await program.printed('node-a ')
    expect(program.stderr).toContain('ECONNREFUSED')
  })

  it('refuses a level that there is not', async () => {
    await using program = Program.example('log-tail.ts', ['--level', 'loud'])
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toContain('--level is one of trace, debug, info, warn, err')
  })

  it('says in a line what is wrong with a pattern', async () => {
    await using program = Program.example('log-tail.ts', ['--match', '('])
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toMatch(/^Invalid regular expression: .*\n$/)
  })
})
