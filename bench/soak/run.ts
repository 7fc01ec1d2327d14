/**
 * Restarts an agent again and again under load: `npm run bench:soak -- --seconds 60 --rate 1000`. Prints what
 * became of all requests, and the memory. Ends with status 1 where a request was lost or anything came twice.
 */
import { parseArgs } from 'node:util'
import { RestartStorm } from '../../spec/support/run/restart-storm'
import { heapMegabytes } from '../support/heap'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '1000' } },
})
const seconds = Number(values.seconds)
const heap = () => `${heapMegabytes().toFixed(1)} MB`

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
