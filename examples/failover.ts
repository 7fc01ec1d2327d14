// Listens for user events through one of several agents. When it dies, the client connects to the next one.
//
//   npx tsx examples/failover.ts 10.0.0.1:7373 10.0.0.2:7373 10.0.0.3:7373
//
// Stop the agent that it names, fire an event at another one, and see it arrive. Without addresses it uses
// $SERF_RPC_ADDR.
import { createClient } from 'serfx'
import { catchError, EMPTY, filter, switchMap } from 'rxjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const addresses = process.argv.slice(2)
const { gaps$, stats, status$, stream } = createClient({
  addresses: addresses.length > 0 ? addresses : undefined,
  // A dial tries every address, so there is no need for a long delay before the next dial.
  reconnect: { initialDelay: 50, maxDelay: 1_000 },
})

status$.subscribe((status) => console.log(`status: ${status}`))

status$
  .pipe(
    filter((status) => status === 'ready'),
    // If this agent dies too before it answers, the next `ready` asks again.
    switchMap(() => stats().pipe(catchError(() => EMPTY))),
  )
  .subscribe(({ agent }) => console.log(`connected to ${printable(agent.name)}`))

// Serf does not repeat events that nobody received. A program that must not miss any reads the state again
// here.
gaps$.subscribe(({ reason }) => console.log(`events may be missing: ${reason}`))

// One subscription is enough, whatever happens to the agents. Only the very first dial may fail.
stream('user').subscribe({
  next: ({ name, text }) => console.log(`event ${printable(name)}: ${printable(text)}`),
  error: failed,
})
