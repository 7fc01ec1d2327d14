// Runs the pipeline of examples/pipeline.cjs in a program that stays connected, so that no process is started
// per query:
//
//   npx tsx examples/resident-handler.ts
//   serf query -no-ack reverse foo
//
// examples/pipeline-script.cjs is the same as a script. docs/handlers.md compares the two.
import { createClient, ofQuery, respond } from 'serfx'
import { pipeline } from './pipeline.cjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'
import { unanswered } from './terminal/unanswered'

const { status$, stream } = createClient()

status$.subscribe((status) => console.log(`status: ${status}`))

const answer = pipeline({ ofQuery, respond }, { onError: unanswered })
answer(stream(['query:upcase', 'query:reverse'])).subscribe({
  next: ({ name, text }) => console.log(`query ${printable(name)}: ${printable(text)}`),
  error: failed,
})
