// A service that runs on several nodes and shares its tasks among them, without a leader.
//
//   npx tsx examples/service.ts invoices mails reports thumbnails
//   serf query tasks                       which node has which task
//
// Start one beside each agent, with the same tasks, and stop one (Ctrl-C): the others take over its tasks.
import { createClient } from 'serfx'
import { fromEvent, merge } from 'rxjs'
import { runService } from './service/run-service'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const tasks = process.argv.slice(2)
if (tasks.length === 0) failed(new Error('usage: service.ts TASK ...'))
else {
  const stop$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'))
  runService(createClient(), { role: 'worker', tasks, stop$ }).subscribe({
    next: (own) => console.log(`tasks of this node: ${own.map(printable).join(', ') || 'none'}`),
    complete: () => console.log('stopped'),
    error: failed,
  })
}
