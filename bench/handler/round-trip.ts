/**
 * How long the sender of a query waits for the answer of a script that the agent starts, and for that of a
 * resident handler over RPC: `npm run bench:round-trip`. One real agent ($SERF_BIN, else `serf` of the PATH)
 * gets 30 queries for each, in turn.
 */
import { lastValueFrom } from 'rxjs'
import { join } from 'node:path'
import { createClient, ofQuery, respond } from 'serfx'
import { SerfAgent } from '../../spec/support/agents/serf-agent'

const ROUNDS = 30
const script = join(__dirname, '../../examples/script-handler.cjs')

const median = (values: number[]): string =>
  (values.sort((a, b) => a - b)[values.length >> 1] ?? 0).toFixed(1)

async function measure(): Promise<void> {
  const agent = await SerfAgent.start({
    config: { event_handlers: [`query:upcase=${process.execPath} ${script}`] },
  })
  const client = createClient({ host: agent.host, port: agent.port, authKey: '' })
  const resident = client.stream('query:resident')
  const answering = resident
    .pipe(
      ofQuery('resident'),
      respond(({ text }) => text.toUpperCase()),
    )
    .subscribe()
  try {
    const took: Record<'upcase' | 'resident', number[]> = { upcase: [], resident: [] }
    for (let round = -1; round < ROUNDS; round++) {
      for (const name of ['upcase', 'resident'] as const) {
        const start = performance.now()
        const { text } = await lastValueFrom(
          client.query(name, 'foo', { until: 'everyone', timeout: 10_000 }),
        )
        if (text !== 'FOO') throw new Error(`${name} answered ${text}`)
        if (round >= 0) took[name].push(performance.now() - start)
      }
    }
    console.log(`script   ${median(took.upcase)} ms\nresident ${median(took.resident)} ms`)
  } finally {
    answering.unsubscribe()
    client.close()
    await agent.stop()
  }
}

void measure()
