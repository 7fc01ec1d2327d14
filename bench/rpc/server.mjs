/**
 * Plays an agent that has all its answers ready, in a process of its own on a free port of loopback. It is
 * faster than its clients. The parent process tells it which answers to prepare, gets the port and their
 * sizes, and ends it by disconnecting.
 */
import { createServer } from 'node:net'
import { Unpackr } from 'msgpackr'
import { Framing } from './framing.mjs'
import { PacedOutput } from './paced-output.mjs'
import { headed, Records } from './prepared.mjs'
import {
  lastEvent,
  member,
  memberNamed,
  nameAsked,
  pack,
  queryDone,
  queryResponse,
  userEvent,
} from './wire.mjs'

/** Between the reply to `stream` and its first event, in ms: time for the client to read the reply. */
const BEFORE_EVENTS = 50
const WITHOUT_BODY = new Set(['members'])

const { events, streams, responses, members, piece, payload } = JSON.parse(process.argv[2])
const unpackr = new Unpackr({ useRecords: false })
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index))

const NO_BODY = Buffer.alloc(0)
const eventBodies = times(events, (index) => pack(userEvent(index, payload)))
if (events > 0) eventBodies.push(pack(lastEvent(events)))
const oneStream = new Records(eventBodies)
const answers = new Records([
  NO_BODY,
  ...times(responses, (index) => pack(queryResponse(index, payload))),
  pack(queryDone()),
])
const memberList = pack({ Members: times(members, member) })
const listsByName = new Map(
  times(1000, nameAsked).map((name) => [name, pack({ Members: [memberNamed(name)] })]),
)

const server = createServer({ noDelay: true }, serve)
server.listen(0, '127.0.0.1', () => {
  process.send({
    port: server.address().port,
    sizes: {
      stream: oneStream.for(1).length,
      query: answers.for(1).length,
      members: headed(1, memberList).length,
      unary: headed(1, listsByName.get(nameAsked(0))).length,
    },
  })
})
process.once('disconnect', () => process.exit())

function serve(socket) {
  const output = new PacedOutput(socket)
  const framing = new Framing()
  const listeners = []
  let header
  const handlers = {
    stream: (seq) => {
      listeners.push(seq)
      if (listeners.length === streams) setTimeout(sendEvents, BEFORE_EVENTS, output, listeners)
      return headed(seq, NO_BODY)
    },
    query: (seq) => answers.for(seq),
    members: (seq) => headed(seq, memberList),
    'members-filtered': (seq, { Name }) => headed(seq, listsByName.get(Name)),
  }

  socket.on('error', () => undefined) // the client is done and has closed its end
  socket.on('data', (chunk) => {
    const replies = []
    const answer = ({ Command, Seq }, body) => {
      replies.push(handlers[Command]?.(Number(Seq), body) ?? headed(Number(Seq), NO_BODY))
    }
    const whole = framing.push(chunk)
    if (whole.length === 0) return
    unpackr.unpackMultiple(whole, (value) => {
      if (header) {
        answer(header, value)
        header = undefined
      } else if (WITHOUT_BODY.has(value.Command)) answer(value)
      else header = value
    })
    if (replies.length > 0) output.send(Buffer.concat(replies), piece)
  })
}

/** Sends each event to all listeners before the next event, as an agent does. */
function sendEvents(output, listeners) {
  const [only] = listeners
  output.send(
    listeners.length === 1
      ? oneStream.for(only)
      : Buffer.concat(eventBodies.flatMap((body) => listeners.map((seq) => headed(seq, body)))),
    64 * 1024,
  )
}
