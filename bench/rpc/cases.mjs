import { EXPECTED } from './checksum.mjs'

const KIB = 1024

/** What is compared: the work, what the server holds for it, and how many units one request counts. */
export const CASES = [
  {
    name: 'stream',
    title: '200,000 user events of one stream',
    unit: 'events/s',
    workload: 'stream',
    count: 200_000,
    holdings: { events: 200_000 },
  },
  {
    name: 'unary-1',
    title: 'One-reply commands, 1 in flight',
    unit: 'commands/s',
    workload: 'lone',
    count: 5000,
  },
  {
    name: 'unary-64',
    title: 'One-reply commands, 64 in flight, the first 20,000 of a process',
    unit: 'commands/s',
    workload: 'lone',
    count: 20_000,
    inFlight: 64,
  },
  {
    name: 'unary-64-long',
    title: 'One-reply commands, 64 in flight, 300,000 of them',
    unit: 'commands/s',
    workload: 'lone',
    count: 300_000,
    inFlight: 64,
  },
  {
    name: 'members',
    title: 'Lists of 10,000 members in pieces of 4 KiB',
    unit: 'lists/s',
    workload: 'members',
    count: 20,
    holdings: { members: 10_000, piece: 4 * KIB },
  },
  {
    name: 'query',
    title: 'Queries with 5,000 responses, one after another',
    unit: 'responses/s',
    workload: 'query',
    count: 20,
    holdings: { responses: 5000 },
    perRequest: 5000,
  },
]

/** What a driver is told. No request is begun after `seconds`. */
export function jobOf({ workload, count, inFlight = 1, holdings = {} }, { port, sizes }, seconds = 5) {
  const records = { stream: holdings.events, members: holdings.members, query: holdings.responses }[workload]
  return { port, sizes, workload, count, inFlight, seconds, expected: EXPECTED[workload]?.(records) }
}
