/**
 * Whether a unit of work costs more where there is more of everything: `npm run bench:growth`. Each row does
 * the same amount of work in a process of its own. Processor time is the client's alone; time on the clock is
 * the server's too.
 */
import { parseArgs } from 'node:util'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { taskOf } from './cases.mjs'
import { drive, startServer } from './processes.mjs'

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
const KIB = 1024
const SECONDS = 60

const SERIES = [
  {
    title: 'Requests in flight, 50,000 in all',
    unit: 'request',
    sizes: [1, 10, 100, 1000, 10_000],
    item: (inFlight) => ({ workload: 'unary', count: 50_000, inFlight }),
  },
  {
    title: 'Streams of one connection, 200,000 events delivered in all',
    unit: 'event',
    sizes: [1, 10, 100, 1000],
    item: (streams) => ({
      workload: 'stream',
      inFlight: streams,
      data: { streams, events: 200_000 / streams, payload: 64 },
    }),
  },
  {
    title: 'Members of a list in pieces of 4 KiB, 400,000 in all',
    unit: 'member',
    sizes: [100, 1000, 10_000, 100_000],
    item: (members) => ({
      workload: 'members',
      count: 400_000 / members,
      data: { members, piece: 4 * KIB },
    }),
    perRequest: (members) => members,
  },
]

console.log(`${machine()}; median of ${options.rounds} rounds`)
for (const series of SERIES) {
  console.log(`\n### ${series.title}\n`)
  console.log(
    tableOf(series, await rounds(series.sizes, Number(options.rounds), (size) => measured(series, size))),
  )
}

async function measured({ item, perRequest }, size) {
  const work = item(size)
  const server = await startServer(work.data)
  try {
    const result = await drive('serfx', taskOf(work, server, SECONDS))
    if (result.problem) throw new Error(`${size}: ${result.problem}`)
    const units = result.units * (perRequest?.(size) ?? 1)
    return { clock: (1e6 * result.seconds) / units, cpu: (1e6 * result.cpu) / units, rss: result.rss }
  } finally {
    server.stop()
  }
}

function tableOf({ title, unit }, results) {
  const middleOf = (runs, figure) => median(runs.map(figure))
  const [first] = Array.from(results.values(), (runs) => middleOf(runs, ({ cpu }) => cpu))
  const rows = Array.from(results, ([size, runs]) => {
    const cpu = middleOf(runs, (run) => run.cpu)
    const clock = middleOf(runs, (run) => run.clock)
    return [
      size.toLocaleString('en-US'),
      shown(cpu),
      ratio(cpu / first),
      shown(clock),
      shown(middleOf(runs, (run) => run.rss)),
    ]
  })
  const what = title.split(',')[0]
  return table([what, `CPU µs per ${unit}`, 'to the first', `µs per ${unit}`, 'peak RSS, MB'], rows)
}
