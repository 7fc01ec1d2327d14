import { EXPECTED } from './checksum.mjs'

const KIB = 1024

/** What is compared: the requests to make, and the data that the server has ready for them. */
export const CASES = [
  {
    name: 'stream',
    title: '200,000 user events of one stream, payloads of 64 bytes',
    unit: 'event',
    workload: 'stream',
    count: 200_000,
    data: { events: 200_000, payload: 64 },
  },
  {
    name: 'stream-256',
    title: 'The same, payloads of 256 bytes',
    unit: 'event',
    workload: 'stream',
    count: 200_000,
    data: { events: 200_000, payload: 256 },
  },
  {
    name: 'unary-1',
    title: 'One-reply commands, 1 in flight',
    unit: 'command',
    workload: 'unary',
    count: 5000,
  },
  {
    name: 'unary-64',
    title: 'One-reply commands, 64 in flight, the first 20,000 of a process',
    unit: 'command',
    workload: 'unary',
    count: 20_000,
    inFlight: 64,
  },
  {
    name: 'unary-64-long',
    title: 'One-reply commands, 64 in flight, 300,000 of them',
    unit: 'command',
    workload: 'unary',
    count: 300_000,
    inFlight: 64,
  },
  {
    name: 'members',
    title: 'Lists of 10,000 members in pieces of 4 KiB',
    unit: 'list',
    workload: 'members',
    count: 20,
    data: { members: 10_000, piece: 4 * KIB },
  },
  {
    name: 'query',
    title: 'Queries with 5,000 responses, one after another, payloads of 32 bytes',
    unit: 'response',
    workload: 'query',
    count: 20,
    data: { responses: 5000, payload: 32 },
    perRequest: 5000,
  },
  {
    name: 'query-256',
    title: 'The same, payloads of 256 bytes',
    unit: 'response',
    workload: 'query',
    count: 20,
    data: { responses: 5000, payload: 256 },
    perRequest: 5000,
  },
]

/** The case of that name. */
export function caseNamed(name) {
  const found = CASES.find((candidate) => candidate.name === name)
  if (found) return found
  throw new Error(`no case ${name}; there are ${CASES.map((candidate) => candidate.name).join(', ')}`)
}

/** What a driver is told. No request is begun after `seconds`. */
export function taskOf({ workload, count, inFlight = 1, data = {} }, { port, sizes }, seconds = 5) {
  const records = { stream: data.events, members: data.members, query: data.responses }[workload]
  const expected = EXPECTED[workload]?.(records, data.payload)
  return { port, sizes, workload, count, inFlight, seconds, expected }
}
