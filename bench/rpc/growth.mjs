/**
 * Whether serfx slows down as there is more of everything: `npm run bench:growth`. Each row does the same amount of work in a process of
 * its own, the median of some rounds; processor time is the client's, time on the clock is the server's too.
 */
import { parseArgs } from 'node:util'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { jobOf } from './cases.mjs'
import { drive, startServer } from './processes.mjs'

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
const KIB = 1024
const SECONDS = 60

const SERIES = [
  {
    title: 'Requests in flight, 50,000 in all',
    unit: 'request',
    sizes: [1, 10, 100, 1000, 10_000],
    item: (inFlight) => ({ workload: 'lone', count: 50_000, inFlight }),
  },
  {
    title: 'Streams of one connection, 200,000 events delivered in all',
    unit: 'event',
    sizes: [1, 10, 100, 1000],
    item: (streams) => ({
      workload: 'stream',
      inFlight: streams,
      holdings: { streams, events: 200_000 / streams },
    }),
  },
  {
    title: 'Members of a list in pieces of 4 KiB, 400,000 in all',
    unit: 'member',
    sizes: [100, 1000, 10_000, 100_000],
    item: (members) => ({
      workload: 'members',
      count: 400_000 / members,
      holdings: { members, piece: 4 * KIB },
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
  const server = await startServer(work.holdings)
  try {
    const result = await drive('serfx', jobOf(work, server, SECONDS))
    if (result.problem) throw new Error(`${size}: ${result.problem}`)
    const units = result.units * (perRequest?.(size) ?? 1)
    return { clock: (1e6 * result.seconds) / units, cpu: (1e6 * result.cpu) / units, rss: result.rss }
  } finally {
    server.stop()
  }
}

function tableOf({ title, unit }, results) {
  const middle = (runs, of) => median(runs.map(of))
  const [first] = Array.from(results.values(), (runs) => middle(runs, ({ cpu }) => cpu))
  const rows = Array.from(results, ([size, runs]) => {
    const cpu = middle(runs, (run) => run.cpu)
    const clock = middle(runs, (run) => run.clock)
    return [
      size.toLocaleString('en-US'),
      shown(cpu),
      ratio(cpu / first),
      shown(clock),
      shown(middle(runs, (run) => run.rss)),
    ]
  })
  const what = title.split(',')[0]
  return table([what, `CPU µs per ${unit}`, 'to the first', `µs per ${unit}`, 'peak RSS, MB'], rows)
}
