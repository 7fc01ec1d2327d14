/**
 * What cannot be measured in time on a busy machine is counted: bytes copied, bodies read, frames handed out.
 */
import { membersCall, statsCall, streamCall } from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { cutEvery } from '../support/wire/cuts'
import { FrameLog } from '../support/wire/frame-log'
import { frame, header, type Packable } from '../support/wire/pack'

const member = (index: number): Packable => ({
  Addr: Buffer.from([10, 0, index >> 8, index & 0xff]),
  DelegateCur: 5,
  DelegateMax: 5,
  DelegateMin: 2,
  Name: `node-${index}`,
  Port: 7946,
  ProtocolCur: 2,
  ProtocolMax: 5,
  ProtocolMin: 1,
  Status: 'alive',
  Tags: { dc: 'east', role: 'web' },
})
const count = 500
const list = frame(1, { Members: Array.from({ length: count }, (_, index) => member(index)) })
const record = frame(2, {
  Coalesce: false,
  Event: 'user',
  LTime: 7,
  Name: 'deploy',
  Payload: Buffer.alloc(300, 7),
})
const records = Buffer.concat(Array.from({ length: count }, () => record))
const response = frame(3, { From: 'node', Payload: Buffer.alloc(100), Type: 'response' })
const responses = Buffer.concat(Array.from({ length: count }, () => response))
const entries = Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, `${index}`]))
const stats = frame(4, { agent: { name: 'a' }, tags: entries })

const calls = { 1: membersCall(), 2: streamCall('user'), 3: queryCall('uptime'), 4: statsCall() }

/** What it costs to take in the bytes in pieces of that size. */
function cost(bytes: Buffer, size: number) {
  const copy = jest.spyOn(Buffer.prototype, 'copy')
  const move = jest.spyOn(Buffer.prototype, 'copyWithin')
  const log = new FrameLog(calls).push(header(2), header(3))
  try {
    // Not by way of the log, which makes copies itself.
    for (const piece of cutEvery(bytes, size)) log.decoder.push(piece)
    const copied = copy.mock.results.reduce((sum, { value }) => sum + Number(value), 0)
    const moved = move.mock.calls.reduce((sum, [, from, to]) => sum + Number(to) - Number(from), 0)
    return { copies: (copied + moved) / bytes.length, reads: log.reads, frames: log.accepted.length - 2 }
  } finally {
    copy.mockRestore()
    move.mockRestore()
  }
}

const replies: [string, Buffer, { frames: number; values: number; payloads: number }][] = [
  ['a list of members', list, { frames: 1, values: count, payloads: 0 }],
  ['records of a stream', records, { frames: count, values: count, payloads: 300 * count }],
  ['records of a query', responses, { frames: count, values: count, payloads: 100 * count }],
  ['one large map', stats, { frames: 1, values: 1, payloads: 0 }],
]

describe.each(replies)('taking in %s', (_, bytes, { frames, values, payloads }) => {
  it('hands out each frame once', () => {
    for (const size of [1, 100, 4096, bytes.length]) expect(cost(bytes, size).frames).toBe(frames)
  })

  it('copies only the payloads of what came whole', () => {
    expect(cost(bytes, bytes.length).copies).toBe(payloads / bytes.length)
  })

  it('reads each value once where it came whole, and no value more than twice however it was cut', () => {
    expect(cost(bytes, bytes.length).reads).toBe(values)
    for (const size of [1, 7, 100, 4096]) expect(cost(bytes, size).reads).toBeLessThanOrEqual(2 * values)
  })

  it('copies a byte three times at most, and a payload once more, however it was cut', () => {
    // Once to keep it, and while the buffer doubles once more on the whole; what is left over moves to the
    // front.
    const most = 3 + payloads / bytes.length
    for (const size of [1, 7, 100, 4096, 65_536]) expect(cost(bytes, size).copies).toBeLessThanOrEqual(most)
  })
})
