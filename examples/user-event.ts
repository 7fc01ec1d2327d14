// Fires a user event, which every member gets.
//
//   npx tsx examples/user-event.ts deploy v1.2.3
import { connect } from 'serfx'
import { failed } from './terminal/failed'

const [name = 'deploy', payload = ''] = process.argv.slice(2)

// Without `coalesce: false` agents may hold it back for 3 s, and deliver only the newest of its name.
connect(({ event }) => event(name, payload, { coalesce: false })).subscribe({
  next: () => console.log(`fired ${name}`),
  error: failed,
})
