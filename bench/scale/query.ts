import { firstValueFrom, tap, toArray } from 'rxjs'
import { connect } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { expectThat, report, timed } from './report'

const NODES = 10_000

/** One query that each of 10,000 virtual nodes acks and answers. */
export async function manyAnswers(): Promise<void> {
  const agent = await TestAgent.start({ members: Array.from({ length: NODES - 1 }, () => ({})) })
  try {
    agent.onQuery('who', ({ node }) => `I am ${node}`)
    const connection = await firstValueFrom(connect({ port: agent.port, authKey: '' }))
    let last = 0
    const start = performance.now()
    const answers$ = connection.query('who', undefined, { requestAck: true, timeout: 3_000 }).pipe(
      tap(() => (last = performance.now() - start)),
      toArray(),
    )
    const { value: answers } = await timed(() => firstValueFrom(answers$))
    report('10,000 nodes: last of 10,000 acks and 10,000 responses after', `${last.toFixed(0)} ms`)
    const responses = answers.filter(({ type }) => type === 'response')
    expectThat('every node answered', new Set(responses.map(({ from }) => from)).size === NODES)
    expectThat('every node acked', answers.length === 2 * NODES)
    const early = await timed(() =>
      firstValueFrom(
        connection.query('who', undefined, { until: 'everyone', timeout: 60_000 }).pipe(toArray()),
      ),
    )
    report("10,000 nodes: the same with until: 'everyone'", `${early.ms.toFixed(0)} ms`)
    expectThat('it ends when all have answered', early.value.length === NODES)
    connection.close()
  } finally {
    await agent.stop()
  }
}
