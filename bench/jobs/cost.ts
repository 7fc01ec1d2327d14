// What a job costs: the memory of a running one beyond its command, and the time of start(). `npm run bench:jobs`; Linux.
import { measureMemory } from './memory'
import { measureStart } from './start-time'

const START_LIMIT = 30

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
  if (!isWithin) process.exitCode = 1
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1))
}

void main()
