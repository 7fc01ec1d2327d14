/**
 * What a job costs: the memory that a running job takes beyond its command, the time of `start()`, and the
 * time that many arguments take. `npm run bench:jobs`; Linux only.
 */
import { measureArguments } from './arguments'
import { measureMemory } from './memory'
import { measureStart } from './start-time'

const START_LIMIT = 30
/** How much longer 20,000 arguments may take than 1000. */
const ARGUMENTS_RATIO_LIMIT = 20

async function main(): Promise<void> {
  let isWithin = true
  console.log('Resident memory of a running job beyond its command, KiB')
  for (const { shell, waiting, resident, own, limit } of await measureMemory()) {
    isWithin &&= resident <= limit
    console.log(`  sh is ${shell}, ${waiting} waits: ${resident} resident, ${own} its own; limit ${limit}`)
  }
  const { load, start } = measureStart(40)
  isWithin &&= at(start, 0.5) <= START_LIMIT
  console.log('Milliseconds in a new process, of 40')
  console.log(
    `  start(): median ${at(start, 0.5)}, p95 ${at(start, 0.95)}, max ${at(start, 1)}; limit ${START_LIMIT}`,
  )
  console.log(`  loading serfx/jobs before: median ${at(load, 0.5)}, p95 ${at(load, 0.95)}`)
  const times = await measureArguments([1000, 3000, 10_000, 20_000])
  console.log('Milliseconds from start() to the recorded end, by the number of arguments')
  for (const [count, time] of times) console.log(`  ${count}: ${time.toFixed(0)}`)
  const ratio = (times.get(20_000) ?? 0) / (times.get(1000) ?? 1)
  isWithin &&= ratio <= ARGUMENTS_RATIO_LIMIT
  console.log(`  20000 to 1000: ${ratio.toFixed(1)}; limit ${ARGUMENTS_RATIO_LIMIT}`)
  if (!isWithin) process.exitCode = 1
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1))
}

void main()
