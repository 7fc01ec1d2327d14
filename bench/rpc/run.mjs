/**
 * serfx beside the least that a Node client does, a bare socket, and node-serf: `npm run bench`. Every figure is of a process of its own
 * that has checked all that it received. Ratios are what counts: machines have moods, so the clients take turns.
 */
import { parseArgs } from 'node:util'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { CASES, jobOf } from './cases.mjs'
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
const cases = options.cases.split(',').map((name) => {
  const found = CASES.find((candidate) => candidate.name === name)
  if (!found)
    throw new Error(`no case ${name}; there are ${CASES.map((candidate) => candidate.name).join(', ')}`)
  return found
})

console.log(`${machine()}; ${options.rounds} rounds`)
if (problem) console.log(problem)
for (const item of cases) {
  console.log(`\n### ${item.title}\n`)
  console.log(await measured(item))
}

async function measured(item) {
  const server = await startServer(item.holdings)
  try {
    const job = jobOf(item, server)
    await drive('floor', job) // for the server: its first client would find it cold
    const results = await rounds(clients, Number(options.rounds), (client) => drive(client, job))
    return tableOf(item, results)
  } finally {
    server.stop()
  }
}

function tableOf({ unit, perRequest = 1 }, results) {
  const middleOf = (client, figure) => median((results.get(client) ?? []).map(figure))
  const rate = (run) => (run.units * perRequest) / run.seconds
  const cpu = (run) => run.cpu / run.units
  const rows = Array.from(results, ([client, runs]) => {
    const problem = runs.find((run) => run.problem)?.problem
    if (problem) return [client, '', '', '', '', '', '', problem]
    const rates = runs.map(rate)
    return [
      client,
      shown(median(rates)),
      shown(Math.min(...rates)),
      shown(Math.max(...rates)),
      ratio(median(rates) / middleOf('floor', rate)),
      ratio(middleOf(client, cpu) / middleOf('floor', cpu)),
      shown(middleOf(client, (run) => run.rss)),
      runs.some((run) => run.stopped) ? 'stopped after 5 s' : '',
    ]
  })
  return table(['client', unit, 'min', 'max', 'to floor', 'CPU to floor', 'peak RSS, MB', ''], rows)
}
