import { join } from 'node:path'
import { ask, askUntilAnswered } from '../support/agents/ask'
import { compileScript } from '../support/run/compile-script'
import { scriptFolder } from '../support/run/packed'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'

const folder = scriptFolder('handler')
compileScript(folder, 'upcase-typed.mts', 'pipeline-script.cts')
jest.setTimeout(90_000)

/** A real agent that starts the script for the query, as `-event-handler 'query:NAME=SCRIPT'` makes it. */
function startAgent(
  filter: string,
  script: string,
  config: Record<string, unknown> = {},
): Promise<SerfAgent> {
  return SerfAgent.start({ config: { event_handlers: [`${filter}=${join(folder, script)}`], ...config } })
}

describe('a real agent that starts a script for a query', () => {
  it.each([
    ['ESM', 'upcase.mjs'],
    ['CommonJS', 'upcase.cjs'],
    ['TypeScript compiled to ESM', 'upcase-typed.mjs'],
  ])('delivers exactly what it answered: %s', async (_name, script) => {
    await using agent = await startAgent('query:upcase', script)
    expect(await askUntilAnswered(agent, 'upcase', 'foo')).toBe('FOO')
  })

  it('delivers the answers of a pipeline that an application can also run itself', async () => {
    await using agent = await startAgent('query', 'pipeline-script.cjs')
    expect(await askUntilAnswered(agent, 'upcase', 'grün')).toBe('GRÜN')
    expect(await askUntilAnswered(agent, 'reverse', 'abc')).toBe('cba')
  })

  it('delivers nothing of a script that failed', async () => {
    await using agent = await startAgent('query', 'answers.mjs')
    const [failed, answered] = await Promise.all([
      ask(agent, 'twice', '', 8),
      askUntilAnswered(agent, 'text', ''),
    ])
    expect({ failed, answered }).toEqual({ failed: undefined, answered: 'FOO' })
    await until('the log tells of the failure', () => agent.log.includes('exit status 1'))
  })

  it('drops an answer over its limit of 1024 bytes without telling anyone', async () => {
    await using agent = await startAgent('query', 'answers.mjs')
    expect(await ask(agent, 'largest', '', 8)).toBeUndefined()
    await until('the log tells of the limit', () => agent.log.includes('exceeds limit of 1024 bytes'))
  })

  it('delivers 8192 bytes when its limit allows for that', async () => {
    await using agent = await startAgent('query', 'answers.mjs', { query_response_size_limit: 10_000 })
    expect(await askUntilAnswered(agent, 'largest', '')).toBe('x'.repeat(8192))
  })
})
