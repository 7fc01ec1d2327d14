/**
 * Compares serfx with the least that a Node client must do, a bare socket, and node-serf: `npm run bench`.
 * Each figure is of a process of its own that has checked all that it received. The clients take turns, so
 * that noise hits all of them alike.
 */
import { parseArgs } from 'node:util'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { caseNamed, CASES, taskOf } from './cases.mjs'
import { peersProblem } from './peers.mjs'
import { drive, startServer } from './processes.mjs'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    cases: { type: 'string', default: CASES.map(({ name }) => name).join() },
    clients: { type: 'string', default: 'serfx,floor,socket,node-serf' },
  },
})
const problem = options.clients.includes('node-serf') ? peersProblem() : undefined
const clients = options.clients.split(',').filter((client) => !(problem && client === 'node-serf'))
const cases = options.cases.split(',').map(caseNamed)

console.log(`${machine()}; ${options.rounds} rounds`)
if (problem) console.log(problem)
for (const item of cases) {
  console.log(`\n### ${item.title}\n`)
  console.log(await measured(item))
}

async function measured(item) {
  const server = await startServer(item.data)
  try {
    const task = taskOf(item, server)
    await drive('floor', task) // warms up the server
    const results = await rounds(clients, Number(options.rounds), (client) => drive(client, task))
    return tableOf(item, results)
  } finally {
    server.stop()
  }
}

function tableOf({ unit, perRequest = 1 }, results) {
  const middleOf = (client, figure) => median((results.get(client) ?? []).map(figure))
  const rate = (run) => (run.units * perRequest) / run.seconds
  const cpu = (run) => (1e6 * run.cpu) / (run.units * perRequest)
  const rows = Array.from(results, ([client, runs]) => {
    const problem = runs.find((run) => run.problem)?.problem
    if (problem) return [client, ...Array(9).fill(''), problem]
    const rates = runs.map(rate)
    return [
      client,
      shown(median(rates)),
      shown(Math.min(...rates)),
      shown(Math.max(...rates)),
      ratio(median(rates) / middleOf('floor', rate)),
      shown(middleOf(client, cpu)),
      ratio(middleOf(client, cpu) / middleOf('floor', cpu)),
      // A stream has no latency here: its records come as fast as they are read.
      runs[0].p50 === undefined ? '' : shown(middleOf(client, (run) => run.p50)),
      runs[0].p99 === undefined ? '' : shown(middleOf(client, (run) => run.p99)),
      shown(middleOf(client, (run) => run.rss)),
      runs.some((run) => run.stopped) ? 'stopped after 5 s' : '',
    ]
  })
  const columns = ['client', `${unit}s/s`, 'min', 'max', 'to floor', `CPU µs/${unit}`, 'CPU to floor']
  return table([...columns, 'p50 µs', 'p99 µs', 'peak RSS, MB', ''], rows)
}
