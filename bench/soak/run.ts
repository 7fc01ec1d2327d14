/**
 * The restart storm for a given time: `npm run bench:soak -- --seconds 60 --rate 1000`. Prints what became of every request, and how the
 * memory went; ends with 1 when a request was lost or anything came twice.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RestartStorm } from '../../spec/support/run/restart-storm'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '1000' } },
})
const seconds = Number(values.seconds)
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heap(): string {
  collect()
  return `${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)} MB`
}

async function main(): Promise<void> {
  await using storm = await RestartStorm.start()
  const end = performance.now() + seconds * 1_000
  storm.blow(Number(values.rate))
  let report = performance.now() + 10_000
  console.log(`heap at the start   ${heap()}`)
  while (performance.now() < end) {
    await storm.restart()
    if (performance.now() < report) continue
    report += 10_000
    console.log(`heap                ${heap()} after ${storm.restarts} restarts`)
  }
  await storm.settle()
  const { tally, restarts } = storm
  const failed = [...tally.failed].map(([code, count]) => `${count} ${code}`).join(', ')
  console.log(`heap at the end     ${heap()}`)
  console.log(`restarts            ${restarts}`)
  console.log(`requests sent       ${tally.sent}`)
  console.log(`answered            ${tally.answered}`)
  console.log(`failed              ${failed || 0}`)
  console.log(`untyped errors      ${tally.untyped.length}`)
  console.log(`lost                ${tally.lost}`)
  console.log(`duplicates          ${tally.duplicates}`)
  if (tally.lost + tally.duplicates + tally.untyped.length > 0) process.exitCode = 1
}

void main()
