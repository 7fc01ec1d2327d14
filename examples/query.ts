// Asks all members a question, and prints each ack and each answer as it arrives.
//
//   npx tsx examples/query.ts upcase foo
//
// Start a member that answers with examples/script-handler.mjs or examples/resident-handler.ts.
import { connect } from 'serfx'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const [name = 'upcase', payload = ''] = process.argv.slice(2)

// `until: 'everyone'` ends the query with the last answer. If a member does not answer, it ends at the
// agent's deadline.
connect(({ query }) => query(name, payload, { requestAck: true, until: 'everyone' })).subscribe({
  next: (record) =>
    console.log(
      record.type === 'ack'
        ? `${printable(record.from)} got it`
        : `${printable(record.from)} answers: ${printable(record.text)}`,
    ),
  error: failed,
})
