/**
 * The least that a correct Node client must do: a socket, linear framing, msgpackr, one callback per seq, and
 * one write for the requests of a turn. It has no API, no types, no limits, no errors, no deadlines and no
 * way to stop.
 */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { Packr, Unpackr } from 'msgpackr'
import { Checksum } from '../checksum.mjs'
import { Framing } from '../framing.mjs'
import { task, report, requests, StreamClock } from '../measure.mjs'
import { LAST_EVENT, nameAsked } from '../wire.mjs'
import { addEvent, addResponse, isComplete } from './serf-names.mjs'

const packr = new Packr({ useRecords: false })
const unpackr = new Unpackr({ useRecords: false })
const framing = new Framing()
const waiting = new Map()
let lastSeq = 0
let owner

const socket = createConnection({ host: '127.0.0.1', port: task.port, noDelay: true })
await once(socket, 'connect')
socket.on('data', (chunk) => {
  const whole = framing.push(chunk)
  if (whole.length > 0) unpackr.unpackMultiple(whole, receive)
})

function receive(value) {
  if (owner) {
    const { next } = owner
    owner = undefined
    next(value)
    return
  }
  const { Seq, Error: error } = value
  if (error !== '') throw new Error(error)
  const request = waiting.get(Seq)
  if (request.kind === 'records' && !request.agreed) request.agreed = true
  else if (request.kind === 'nothing') {
    waiting.delete(Seq)
    request.next()
  } else {
    if (request.kind === 'body') waiting.delete(Seq)
    owner = request
  }
}

function send(command, body, kind, next) {
  const seq = ++lastSeq
  waiting.set(seq, { kind, next, agreed: false })
  if (socket.writableCorked === 0) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(packr.pack({ Command: command, Seq: seq }))
  if (body) socket.write(packr.pack(body))
}

const workloads = {
  stream: () => {
    const clock = new StreamClock()
    const checksum = new Checksum()
    return new Promise((resolve) => {
      send('stream', { Type: 'user' }, 'records', (event) => {
        clock.start()
        if (event.Name !== LAST_EVENT) addEvent(checksum, event)
        else resolve(clock.stop(checksum.count, checksum.text === task.expected ? 0 : 1))
      })
    })
  },
  unary: () =>
    requests((index, done) => {
      const name = nameAsked(index)
      send('members-filtered', { Name: name }, 'body', ({ Members }) =>
        done(index, Members.length === 1 && Members[0].Name === name),
      )
    }),
  members: () =>
    requests((index, done) =>
      send('members', undefined, 'body', ({ Members }) => done(index, isComplete(Members))),
    ),
  query: () =>
    requests((index, done) => {
      const checksum = new Checksum()
      send('query', { Name: 'load' }, 'records', (record) => {
        if (record.Type === 'done') done(index, checksum.text === task.expected)
        else addResponse(checksum, record)
      })
    }),
}

await new Promise((resolve) => send('handshake', { Version: 1 }, 'nothing', resolve))
await report(workloads[task.workload]())
