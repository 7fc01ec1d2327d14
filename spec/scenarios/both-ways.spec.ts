import { join } from 'node:path'
import { map } from 'rxjs'
import { type Connection, ofQuery, respond } from 'serfx'
import { pipeline } from '../fixtures/handler/pipeline'
import { compileScript } from '../support/run/compile-script'
import { opened } from '../support/agents/opened'
import { scriptFolder } from '../support/run/packed'
import { SerfAgent } from '../support/agents/serf-agent'
import { aliveNames } from '../support/agents/serf-command'
import { until } from '../support/time/until'
import { allAnswersOf } from '../support/observe/all-answers'
import { valueOf } from '../support/observe/values'

jest.setTimeout(90_000)

interface Question {
  name: string
  payload: string
}

/**
 * Payloads that could come through differently: text beyond ASCII, blanks, newlines within, what a shell
 * would take for its own.
 */
const QUESTIONS: readonly Question[] = ['upcase', 'reverse'].flatMap((name) =>
  ['foo', 'grün', ' a  b ', 'line one\nline two', '$HOME `id` "quoted" \\ %s', '\t', 'x'.repeat(400)].map(
    (payload) => ({ name, payload }),
  ),
)

/**
 * The answer as it came, in hexadecimal digits. Asked of one node; two answers, or none in time, are an
 * error.
 */
function answerOf(connection: Connection, node: string, { name, payload }: Question): Promise<string> {
  const answer$ = connection.query(name, payload, {
    filterNodes: [node],
    timeout: 60_000,
    until: 'everyone',
  })
  return valueOf(answer$.pipe(map((answer) => answer.payload.toString('hex'))))
}

/** All at once. */
const answersOf = (connection: Connection, node: string, questions: readonly Question[]): Promise<string[]> =>
  Promise.all(questions.map((question) => answerOf(connection, node, question)))

const expected = ({ name, payload }: Question): string =>
  (name === 'upcase' ? Buffer.from(payload.toUpperCase()) : Buffer.from(payload).reverse()).toString('hex')

const folder = scriptFolder('handler')
compileScript(folder, 'pipeline-script.cts')
const scripted = () =>
  SerfAgent.start({
    name: 'scripted',
    config: { event_handlers: [`query=${join(folder, 'pipeline-script.cjs')}`] },
  })

/** The same pipeline on a stream of the agent, there when this resolves. */
async function reside(agent: SerfAgent): Promise<{ connection: Connection; answered: Question[] }> {
  const connection = await opened(agent)
  const answered: Question[] = []
  pipeline({ ofQuery, respond })(connection.stream(['query:upcase', 'query:reverse'])).subscribe({
    next: ({ name, text }) => answered.push({ name, payload: text }),
    // An answer that could not be sent is missing in the assertions.
    error: () => undefined,
  })
  // An agent serves a connection in order: what it answers now comes after its yes.
  await valueOf(connection.stats())
  return { connection, answered }
}

describe('one pipeline, as a script and resident', () => {
  it('answers the same, byte for byte, all questions at once', async () => {
    await using script = await scripted()
    await using agent = await SerfAgent.start({ name: 'resident' })
    using resident = (await reside(agent)).connection
    using asking = await opened(script)
    using askingResident = await opened(agent)
    const [fromScript, fromResident] = await Promise.all([
      answersOf(asking, 'scripted', QUESTIONS),
      answersOf(askingResident, 'resident', QUESTIONS),
    ])
    expect(resident.closed).toBe(false)
    expect(fromScript).toEqual(QUESTIONS.map(expected))
    expect(fromResident).toEqual(fromScript)
  })

  it('is two members of one cluster, each with an answer of its own', async () => {
    await using script = await scripted()
    await using agent = await SerfAgent.start({ name: 'resident' })
    using resident = (await reside(agent)).connection
    expect(await valueOf(resident.join(script.gossip))).toBe(1)
    await until('both know the other', async () =>
      (await Promise.all([script, agent].map(aliveNames))).every((names) => names.length === 2),
    )
    const answers = await allAnswersOf(
      2,
      resident.query('reverse', 'abc', { timeout: 4_000, until: 'everyone' }),
    )
    expect(answers.map(({ from, text }) => `${from}: ${text}`).sort()).toEqual([
      'resident: cba',
      'scripted: cba',
    ])
  })

  it('differs in the one newline at the end that an agent hides from a script', async () => {
    await using script = await scripted()
    await using agent = await SerfAgent.start({ name: 'resident' })
    using resident = (await reside(agent)).connection
    using asking = await opened(script)
    const question = { name: 'upcase', payload: 'foo\n' }
    expect(await answerOf(asking, 'scripted', question)).toBe(expected({ name: 'upcase', payload: 'foo' }))
    expect(await answerOf(resident, 'resident', question)).toBe(expected(question))
  })
})

describe('the resident form', () => {
  it('answers a hundred queries at once, each with its own answer', async () => {
    await using agent = await SerfAgent.start({ name: 'resident' })
    const { connection, answered } = await reside(agent)
    using resident = connection
    using asking = await opened(agent)
    const questions = Array.from({ length: 100 }, (_, index) => ({
      name: index % 2 === 0 ? 'upcase' : 'reverse',
      payload: `question ${index}`,
    }))
    expect(await answersOf(asking, 'resident', questions)).toEqual(questions.map(expected))
    // The asker may have the last answer before the answerer learns that it was accepted.
    await until('all answers are accepted', () => answered.length === questions.length)
    const payloads = answered.map(({ payload }) => payload).sort()
    expect(payloads).toEqual(questions.map(({ payload }) => payload).sort())
    expect(resident.closed).toBe(false)
  })
})
