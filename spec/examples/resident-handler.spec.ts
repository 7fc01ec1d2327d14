import { join } from 'node:path'
import { ask, askUntilAnswered } from '../support/agents/ask'
import { Program } from '../support/run/program'
import { SerfAgent } from '../support/agents/serf-agent'

const script = join(__dirname, '../../examples/pipeline-script.cjs')

describe('one pipeline, both ways', () => {
  it('resident-handler.ts answers over its connection, and comes back to an agent that restarts', async () => {
    await using agent = await SerfAgent.start()
    await using program = Program.example('resident-handler.ts', [], { agent })
    await program.printed('status: ready')
    expect(await askUntilAnswered(agent, 'upcase', 'grün')).toBe('GRÜN')
    expect(await askUntilAnswered(agent, 'reverse', 'abc')).toBe('cba')
    await program.printed('query reverse: abc')
    // In upper case it is longer than an answer may be.
    expect(await ask(agent, 'upcase', 'ΐ'.repeat(300), 1)).toBeUndefined()
    await program.printed('not answered: respond: ')
    expect(await askUntilAnswered(agent, 'upcase', 'still')).toBe('STILL')
    expect(await ask(agent, 'other', 'abc', 1)).toBeUndefined()
    await agent.stop()
    await program.printed('status: reconnecting')
    await using back = await SerfAgent.start({ port: agent.port })
    expect(await askUntilAnswered(back, 'reverse', 'again')).toBe('niaga')
    expect(program.stderr).toMatch(/^(not answered: respond: .*\n)+$/)
  })

  it('pipeline-script.cjs answers the same, started for each', async () => {
    await using agent = await SerfAgent.start({ config: { event_handlers: [`query=${script}`] } })
    expect(await askUntilAnswered(agent, 'upcase', 'grün')).toBe('GRÜN')
    expect(await askUntilAnswered(agent, 'reverse', 'abc')).toBe('cba')
  })
})
