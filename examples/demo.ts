// Three agents, and what serfx does with them, in a few seconds:
//
//   npm run demo
//
// It starts the agents on free ports, shows each part together with its line of code, and stops the agents.
import { createClient } from 'serfx'
import { type DemoAgent, startAgents } from './demo/agents'
import { PARTS } from './demo/parts'
import { failed } from './terminal/failed'

const clientOf = ({ host, port }: DemoAgent) => createClient({ host, port })

async function demo(): Promise<void> {
  const starting = startAgents()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true
      void starting
        .then(({ stop }) => stop())
        .catch(() => undefined)
        .finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
    })
  }
  const { kind, agents, stop } = await starting
  const [first, ...others] = agents
  const clients = [clientOf(first), ...others.map(clientOf)] as const
  try {
    console.log(
      `${agents.length} × ${kind}: ${agents.map(({ name, port }) => `${name} at ${port}`).join(', ')}`,
    )
    for (const { title, code, lines } of PARTS) {
      const said = await lines(clients)
      console.log(`\n${title}\n  > ${code}\n${said.map((line) => `    ${line}`).join('\n')}`)
    }
  } finally {
    for (const client of clients) client.close()
    await stop()
  }
}

// After an interrupt, missing agents are not a failure.
let interrupted = false
demo().catch((error: unknown) => {
  if (!interrupted) failed(error)
})
