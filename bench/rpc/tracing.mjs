/**
 * What tracing of commands costs a program: `npm run bench:tracing`. Compares serfx as it is, with nobody
 * listening to its channels, with the same build without tracing, and with one that has a listener. Each
 * round runs all three, and the ratios are of runs of the same round.
 */
import { parseArgs } from 'node:util'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, quantile, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { caseNamed, taskOf } from './cases.mjs'
import { drive, startServer } from './processes.mjs'

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const CLIENTS = { 'serfx-untraced': 'tracing removed', serfx: 'nobody listens', 'serfx-traced': 'a listener' }
const item = caseNamed('unary-64-long')

const server = await startServer(item.data)
try {
  const task = taskOf(item, server, 60)
  const results = await rounds(Object.keys(CLIENTS), Number(options.rounds), async (client) => {
    const result = await drive(client, task)
    if (result.problem) throw new Error(`${client}: ${result.problem}`)
    return (1e6 * result.cpu) / result.units
  })
  console.log(`${machine()}; ${options.rounds} rounds\n\n### ${item.title}\n`)
  console.log(tableOf(results))
} finally {
  server.stop()
}

function tableOf(results) {
  const without = results.get('serfx-untraced')
  const rows = Array.from(results, ([client, runs]) => {
    const ratios = runs.map((cpu, round) => cpu / without[round])
    const quartiles = [0.25, 0.75].map((share) => ratio(quantile(ratios, share)))
    return [CLIENTS[client], shown(median(runs)), ratio(median(ratios)), quartiles.join(' to ')]
  })
  return table(['', 'CPU µs/command', 'to tracing removed', 'quartiles'], rows)
}
