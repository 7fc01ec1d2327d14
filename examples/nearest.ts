// The members by their estimated round trip from the agent, as a bar chart.
//
//   npx tsx examples/nearest.ts
//   npx tsx examples/nearest.ts 5          only the five nearest
import { createClient, type Neighbour } from 'serfx'
import { defer } from 'rxjs'
import { bar } from './terminal/bar'
import { failed } from './terminal/failed'
import { table } from './terminal/table'

const WIDTH = 40
const [count = 'Infinity'] = process.argv.slice(2)

function chart(neighbours: readonly Neighbour[]): string {
  const longest = Math.max(...neighbours.map(({ rtt }) => rtt))
  return table(
    neighbours.map(({ member, rtt }) => [
      member.name,
      `${rtt.toFixed(2).padStart(8)} ms`,
      bar(longest > 0 ? rtt / longest : 0, WIDTH),
    ]),
  )
}

// Inside defer, a count that is no number is an error like any other.
defer(() => createClient().nearest(Number(count))).subscribe({
  next: (neighbours) =>
    console.log(
      neighbours.length > 0 ? chart(neighbours) : 'no member has a coordinate: the agents keep none',
    ),
  error: failed,
})
