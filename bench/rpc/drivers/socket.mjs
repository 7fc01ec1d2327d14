/**
 * What the socket alone costs. It writes requests that were made before, and counts the bytes that come
 * without reading them. All requests have seq 1, so that each answer has the length that the server told.
 */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { task, report, requests, StreamClock } from '../measure.mjs'
import { nameAsked, pack } from '../wire.mjs'

const socket = createConnection({ host: '127.0.0.1', port: task.port, noDelay: true })
await once(socket, 'connect')
const size = task.sizes[task.workload]
const bytesOf = (command, body) =>
  Buffer.concat([pack({ Command: command, Seq: 1 }), body ? pack(body) : Buffer.alloc(0)])

/** Calls `next` with each `size` bytes that come, in the order of the calls. */
function send(bytes, next) {
  if (socket.writableCorked === 0) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(bytes)
  waiting.push(next)
}
const waiting = []
let received = 0
function count(chunk) {
  for (received += chunk.length; received >= size && waiting.length > 0; received -= size) waiting.shift()()
}

async function stream() {
  socket.write(bytesOf('stream', { Type: 'user' }))
  await once(socket, 'data')
  const clock = new StreamClock()
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      clock.start()
      received += chunk.length
      if (received >= size) resolve(clock.stop(task.count, received === size ? 0 : 1))
    })
  })
}

function repeated(makeRequest) {
  socket.on('data', count)
  return requests((index, done) => send(makeRequest(index), () => done(index, true)))
}

const filtered = Array.from({ length: 1000 }, (_, index) =>
  bytesOf('members-filtered', { Name: nameAsked(index) }),
)
const workloads = {
  stream,
  unary: () => repeated((index) => filtered[index % 1000]),
  members: () => repeated(() => bytesOf('members')),
  query: () => repeated(() => bytesOf('query', { Name: 'load' })),
}

await report(workloads[task.workload]())
