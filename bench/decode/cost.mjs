/**
 * What it costs to read a long list that arrives in pieces, compared with the same list in one piece:
 * `npm run bench:decode`. It runs in one process, without a socket, and counts processor time. msgpackr's own
 * stream is shown too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { UnpackrStream } from 'msgpackr'
import { firstValueFrom } from 'rxjs'
import { connect } from 'serfx'
import { member, pack } from '../rpc/wire.mjs'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio, shown } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'
import { ReplayedAgent } from './replayed-agent.mjs'

const PIECE = 4096
const SIZES = [1000, 10_000, 100_000]
const GOAL = { size: 10_000, ratio: 1.5 }
const ROUNDS = 11

const agent = new ReplayedAgent()
const connection = await firstValueFrom(connect({ authKey: '', timeout: 0, socket: () => agent }))

async function readBySerfx({ body, size, piece }) {
  agent.body = body
  agent.piece = piece
  const members = await firstValueFrom(connection.members())
  return members.length === size
}

/** As a program would use msgpackr. What it decodes has the names of the wire. */
async function readByStream({ body, size, piece }) {
  const stream = new UnpackrStream({ useRecords: false })
  const decoded = new Promise((resolve, reject) => {
    stream.once('data', resolve)
    stream.once('error', reject)
  })
  for (let at = 0; at < body.length; at += piece) stream.write(body.subarray(at, at + piece))
  const { Members } = await decoded
  return Members.length === size
}

async function measured({ read, ...work }) {
  await sleep(0)
  const before = process.cpuUsage()
  if (!(await read(work))) throw new Error(`a list of ${work.size} was not read`)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function entrantsFor(size) {
  const body = pack({ Members: Array.from({ length: size }, (_, index) => member(index)) })
  const whole = { body, size, piece: body.length + 64 }
  const cut = { body, size, piece: PIECE }
  return {
    whole: { read: readBySerfx, ...whole },
    cut: { read: readBySerfx, ...cut },
    streamWhole: { read: readByStream, ...whole },
    streamCut: { read: readByStream, ...cut },
  }
}

async function timesOf(size) {
  const entrants = entrantsFor(size)
  await rounds(Object.values(entrants), 3, measured) // warms up
  const results = await rounds(Object.values(entrants), ROUNDS, measured)
  return Object.fromEntries(
    Object.entries(entrants).map(([name, entrant]) => [name, median(results.get(entrant))]),
  )
}

console.log(`${machine()}; median of ${ROUNDS} rounds, ms of processor time\n`)
const rows = []
let isWithin = true
for (const size of SIZES) {
  const { whole, cut, streamWhole, streamCut } = await timesOf(size)
  if (size === GOAL.size) isWithin = cut / whole <= GOAL.ratio
  rows.push([
    size.toLocaleString('en-US'),
    shown(whole),
    shown(cut),
    ratio(cut / whole),
    shown((1000 * cut) / size),
    shown(streamWhole),
    `${shown(streamCut)} (${ratio(streamCut / streamWhole)})`,
  ])
}
const columns = [
  'members',
  'one piece',
  '4 KiB pieces',
  'pieces to one',
  'µs per member',
  'UnpackrStream, one piece',
  'in 4 KiB pieces',
]
console.log(table(columns, rows))
console.log(`\nGoal, ${ratio(GOAL.ratio)} for 10,000 members: ${isWithin ? 'met' : 'missed'}`)
if (!isWithin) process.exitCode = 1
connection.close()
