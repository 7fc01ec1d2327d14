/**
 * Plays an agent that has all its answers ready: a process of its own on a free port of loopback, faster than its clients. Its
 * parent tells it what to hold, gets the port and the sizes of the answers, and ends it by letting go of it.
 */
import { createServer } from 'node:net'
import { Unpackr } from 'msgpackr'
import { Framing } from './framing.mjs'
import { Outflow } from './outflow.mjs'
import { headed, Records } from './prepared.mjs'
import { lastEvent, lone, loneName, member, pack, queryDone, queryResponse, userEvent } from './wire.mjs'

/** Between the yes to a stream and its first event, in ms: the time to read the yes. */
const BEFORE_EVENTS = 50
const WITHOUT_BODY = new Set(['members'])

const { events, streams, responses, members, piece } = JSON.parse(process.argv[2])
const unpackr = new Unpackr({ useRecords: false })
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index))

const yes = Buffer.alloc(0)
const eventBodies = times(events, (index) => pack(userEvent(index)))
if (events > 0) eventBodies.push(pack(lastEvent(events)))
const oneStream = new Records(eventBodies)
const answers = new Records([
  yes,
  ...times(responses, (index) => pack(queryResponse(index))),
  pack(queryDone()),
])
const memberList = pack({ Members: times(members, member) })
const loneLists = new Map(times(1000, loneName).map((name) => [name, pack({ Members: [lone(name)] })]))

const server = createServer({ noDelay: true }, serve)
server.listen(0, '127.0.0.1', () => {
  process.send({
    port: server.address().port,
    sizes: {
      stream: oneStream.for(1).length,
      query: answers.for(1).length,
      members: headed(1, memberList).length,
      lone: headed(1, loneLists.get(loneName(0))).length,
    },
  })
})
process.once('disconnect', () => process.exit())

function serve(socket) {
  const outflow = new Outflow(socket)
  const framing = new Framing()
  const listeners = []
  let header
  const handlers = {
    stream: (seq) => {
      listeners.push(seq)
      if (listeners.length === streams) setTimeout(sendEvents, BEFORE_EVENTS, outflow, listeners)
      return headed(seq, yes)
    },
    query: (seq) => answers.for(seq),
    members: (seq) => headed(seq, memberList),
    'members-filtered': (seq, { Name }) => headed(seq, loneLists.get(Name)),
  }

  socket.on('error', () => undefined) // the client has what it wanted
  socket.on('data', (chunk) => {
    const replies = []
    const answer = ({ Command, Seq }, body) => {
      replies.push(handlers[Command]?.(Number(Seq), body) ?? headed(Number(Seq), yes))
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
    if (replies.length > 0) outflow.send(Buffer.concat(replies), piece)
  })
}

/** Every event to all that listen, event by event, as an agent does. */
function sendEvents(outflow, listeners) {
  const [only] = listeners
  outflow.send(
    listeners.length === 1
      ? oneStream.for(only)
      : Buffer.concat(eventBodies.flatMap((body) => listeners.map((seq) => headed(seq, body)))),
    64 * 1024,
  )
}
