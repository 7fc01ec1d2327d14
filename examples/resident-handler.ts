// The pipeline of examples/pipeline.cjs as a program that stays, and answers over its connection to an agent without a fork:
//
//   npx tsx examples/resident-handler.ts
//   serf query -no-ack reverse foo
//
// The same as a script: examples/pipeline-script.cjs. When to take which: docs/handlers.md.
import { createClient, ofQuery, respond } from 'serfx'
import { pipeline } from './pipeline.cjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const { status$, stream } = createClient()

status$.subscribe((status) => console.log(`status: ${status}`))

pipeline({ ofQuery, respond })(stream(['query:upcase', 'query:reverse'])).subscribe({
  next: ({ name, text }) => console.log(`answered ${printable(name)} ${printable(text)}`),
  error: failed,
})
