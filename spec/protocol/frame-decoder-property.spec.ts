import fc from 'fast-check'
import { ProtocolError, SerfError } from 'serfx'
import {
  getCoordinateCall,
  joinCall,
  membersCall,
  monitorCall,
  statsCall,
  streamCall,
} from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import type { FrameLog as Log } from '../support/wire/frame-log'
import { MALFORMED } from '../../lib/protocol/frame'
import { FrameLog } from '../support/wire/frame-log'
import { anyMessage, anyText, anyWireMember } from '../support/wire/arbitrary'
import { cutAt, cutEvery } from '../support/wire/cuts'
import { double, encoded, frame, header, pack, type Packable } from '../support/wire/pack'

/** The seq of each kind of reply; whatever has another seq is nobody's. */
const MEMBERS = 1
const JOIN = 2
const STATS = 3
const QUERY = 70_000
const STREAM = 5
const MONITOR = 6
const COORDINATE = 7
const calls = {
  [MEMBERS]: membersCall(),
  [JOIN]: joinCall('a'),
  [STATS]: statsCall(),
  [QUERY]: queryCall('q'),
  [STREAM]: streamCall('*'),
  [MONITOR]: monitorCall('info'),
  [COORDINATE]: getCoordinateCall('a'),
}
/** Streams, queries and monitors have agreed before their records come. */
const agreed = Buffer.concat([header(QUERY), header(STREAM), header(MONITOR)])

const anyPayload: fc.Arbitrary<Packable> = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.constant(null))
const anyNumber = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const anyDictionary = fc.dictionary(anyText, anyText, { maxKeys: 5 })

/** What an agent may send, one frame each. */
const anyFrame: fc.Arbitrary<Buffer> = fc.oneof(
  fc.array(anyWireMember, { maxLength: 6 }).map((list) => frame(MEMBERS, { Members: list })),
  fc.record({ Num: fc.nat(), error: anyText }).map(({ Num, error }) => frame(JOIN, { Num }, error)),
  fc
    .record({ agent: anyDictionary, serf: anyDictionary, tags: anyDictionary })
    .map((body) => frame(STATS, body)),
  anyText.filter((text) => text !== '').map((error) => header(MEMBERS, error)),
  fc
    .record({ From: anyText, Payload: anyPayload, Type: fc.constantFrom('ack', 'response', 'done', 'later') })
    .map((record) => frame(QUERY, record)),
  fc
    .record({
      Coalesce: fc.boolean(),
      Event: fc.constant('user'),
      LTime: anyNumber,
      Name: anyText,
      Payload: anyPayload,
    })
    .map((record) => frame(STREAM, record)),
  fc
    .record({
      Event: fc.constant('query'),
      ID: anyNumber,
      LTime: anyNumber,
      Name: anyText,
      Payload: anyPayload,
    })
    .map((record) => frame(STREAM, record)),
  fc
    .record({ Event: fc.constant('member-join'), Members: fc.array(anyWireMember, { maxLength: 3 }) })
    .map((record) => frame(STREAM, record)),
  anyText.map((Log) => frame(MONITOR, { Log })),
  fc.double().map((value) =>
    frame(COORDINATE, {
      Coord: { Adjustment: double(value), Error: double(value), Height: double(value), Vec: [double(value)] },
      Ok: true,
    }),
  ),
  // For no request, with a body and without.
  fc
    .record({ body: anyMessage, seq: fc.integer({ min: 100, max: 200 }) })
    .map(({ seq, body }) => frame(seq, { body })),
  anyNumber.filter((seq) => seq > 100_000n).map((seq) => header(seq)),
  // For a request, with the wrong body.
  fc
    .record({
      body: anyMessage,
      seq: fc.constantFrom(MEMBERS, JOIN, STATS, QUERY, STREAM, MONITOR, COORDINATE),
    })
    .map(({ seq, body }) => frame(seq, body)),
)

/** What the decoder gave, and whether it refused to go on. */
function outcome(log: Log, pieces: readonly Buffer[]): { accepted: Log['accepted']; refused: boolean } {
  try {
    log.push(agreed, ...pieces)
    return { accepted: log.accepted, refused: false }
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
    return { accepted: log.accepted, refused: true }
  }
}

/**
 * The same without malformed bodies: where a list is cut decides when it is seen to be malformed, perhaps
 * only after it is too large.
 */
function readable({ accepted, refused }: ReturnType<typeof outcome>): ReturnType<typeof outcome> {
  return { accepted: accepted.filter(({ body }) => body !== MALFORMED), refused }
}

describe('any frames', () => {
  it('come out the same however they are cut, whether shown or not', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(4000), { maxLength: 8 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames)
          const expected = outcome(new FrameLog(calls), frames)
          expect(expected.refused).toBe(false)
          for (const pieces of [[bytes], cutAt(bytes, ...cuts), cutEvery(bytes, 1), cutEvery(bytes, 13)]) {
            expect(outcome(new FrameLog(calls), pieces)).toEqual(expected)
            expect(outcome(new FrameLog(calls, undefined, true), pieces)).toEqual(expected)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('are refused at the same place however they are cut when they exceed a small limit', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 1200 }),
        fc.array(fc.nat(1000), { maxLength: 5 }),
        (frames, cap, cuts) => {
          const bytes = Buffer.concat(frames)
          const expected = readable(outcome(new FrameLog(calls, cap), [bytes]))
          for (const pieces of [frames, cutAt(bytes, ...cuts), cutEvery(bytes, 1)]) {
            expect(readable(outcome(new FrameLog(calls, cap), pieces))).toEqual(expected)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never pass the cap', () => {
    fc.assert(
      fc.property(anyFrame, fc.integer({ min: 40, max: 1200 }), (bytes, cap) => {
        const { accepted, refused } = outcome(new FrameLog(calls, cap), [bytes])
        if (bytes.length <= 2 * cap) return
        // A list may be seen to be malformed before it is seen to be too large.
        const values = accepted.slice(3).filter(({ body }) => body !== MALFORMED)
        expect({ values, refused }).toEqual({ values: [], refused: true })
      }),
      { numRuns: 500 },
    )
  })
})

describe('random bytes', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Far more likely to be taken for the protocol at first.
    fc
      .record({ good: fc.array(anyFrame, { maxLength: 3 }), bad: fc.uint8Array({ maxLength: 60 }) })
      .map(({ good, bad }) => Buffer.concat([...good, bad])),
    fc.record({ good: anyFrame, at: fc.nat(500), byte: fc.nat(255) }).map(({ good, at, byte }) => {
      const bytes = Buffer.from(good)
      bytes[at % bytes.length] = byte
      return bytes
    }),
  )

  it('are refused with a SerfError or wait for more, and never hang or throw anything else', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        for (const pieces of [[Buffer.from(bytes)], cutEvery(Buffer.from(bytes), 1)]) {
          try {
            new FrameLog(calls, 2000).push(agreed, ...pieces)
            new FrameLog(calls, 2000, true).push(agreed, ...pieces)
          } catch (error) {
            expect(error).toBeInstanceOf(SerfError)
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('come to the same end however they are cut', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(400), { maxLength: 4 }), (given, cuts) => {
        const bytes = Buffer.from(given)
        const expected = readable(outcome(new FrameLog(calls), [bytes]))
        expect(readable(outcome(new FrameLog(calls), cutEvery(bytes, 1)))).toEqual(expected)
        expect(readable(outcome(new FrameLog(calls), cutAt(bytes, ...cuts)))).toEqual(expected)
      }),
      { numRuns: 1500 },
    )
  })
})

describe('what is refused is refused in every place of a message', () => {
  const nested = (levels: number) => encoded(...new Array<number>(levels).fill(0x91), 0)
  const bodies: [string, Packable][] = [
    ['as the body', nested(17)],
    ['as a member', { Members: [nested(15)] }],
    ['in a field that nobody knows', { Added: nested(16), Members: [] }],
    ['in a field of a member that nobody knows', { Members: [{ Added: nested(14), Name: 'a' }] }],
  ]

  it.each(bodies)('nesting beyond 16, %s', (_, body) => {
    const bytes = frame(MEMBERS, body)
    for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
      expect(() => new FrameLog(calls).push(...pieces)).toThrow('nested deeper than 16')
    }
  })

  it.each([
    ['as the body', new Array<number>(300).fill(1)],
    ['in a field that nobody knows', { Added: new Array<number>(300).fill(1), Members: [] }],
    [
      'in fields of members that nobody knows',
      { Members: [{ Added: new Array<number>(150).fill(1) }, { Added: new Array<number>(150).fill(1) }] },
    ],
    [
      'in a member',
      {
        Members: [{ Tags: Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`${index}`, ''])) }],
      },
    ],
  ] as [string, Packable][])('too many values, %s', (_, body) => {
    const bytes = frame(MEMBERS, body)
    for (const pieces of [[bytes], cutEvery(bytes, 1), cutEvery(bytes, 100)]) {
      expect(() => new FrameLog(calls, 1100).push(...pieces)).toThrow('values')
    }
  })

  it.each([
    ['as the body', encoded(0xc7, 1, 5, 0)],
    ['for a string', { Members: [{ Name: encoded(0xd4, 0, 0) }] }],
    ['in a field that nobody knows', { Added: encoded(0xd8, ...new Array<number>(17).fill(0)), Members: [] }],
  ] as [string, Packable][])('an extension, %s', (_, body) => {
    const bytes = Buffer.concat([header(MEMBERS), pack(body)])
    for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
      expect(() => new FrameLog(calls).push(...pieces)).toThrow('extension')
    }
  })

  it('and what comes after a list counts for itself again', () => {
    // A map with a length of two bytes, cut behind the first: nothing of it can be looked at yet.
    const last = Buffer.concat([encoded(0xde, 0, 1).bytes, pack('Name'), pack('b')])
    const list = Buffer.concat([
      header(MEMBERS),
      encoded(0x81).bytes,
      pack('Members'),
      encoded(0x92).bytes,
      pack({ Name: 'a'.repeat(60) }),
    ])
    const next = header(MEMBERS, 'x'.repeat(60))
    const pieces = [
      Buffer.concat([list, last.subarray(0, 1)]),
      last.subarray(1),
      next.subarray(0, 9),
      next.subarray(9),
    ]
    expect(new FrameLog(calls, 100).push(...pieces).accepted).toHaveLength(2)
  })

  it('an error text that is too long', () => {
    const bytes = header(MEMBERS, 'x'.repeat(200))
    for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
      expect(() => new FrameLog(calls, 100).push(...pieces)).toThrow('larger than 100 bytes')
    }
  })
})
