import { Unpackr } from 'msgpackr'
import { ProtocolError } from 'serfx'
import { joinCall, membersCall, statsCall, streamCall } from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { MALFORMED } from '../../lib/protocol/frame'
import { cutEvery, cutsOnce } from '../support/wire/cuts'
import { FrameLog } from '../support/wire/frame-log'
import { encoded, frame, header, pack } from '../support/wire/pack'
import { callsOf } from '../support/wire/wire-calls'
import { wireFixture, wireFixtures } from '../support/wire/wire-fixtures'

const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' })

const canonicalMember = {
  Addr: Buffer.from([10, 0, 0, 1]),
  DelegateCur: 5,
  DelegateMax: 5,
  DelegateMin: 2,
  Name: 'web-1',
  Port: 7946,
  ProtocolCur: 2,
  ProtocolMax: 5,
  ProtocolMin: 1,
  Status: 'alive',
  Tags: {},
}

interface Shown {
  header: { seq: number; error: string }
  body?: unknown
}

/** Headers and their bodies as another decoder sees them. */
function framesOf(objects: readonly Buffer[]): Shown[] {
  const frames: Shown[] = []
  for (const bytes of objects) {
    const object = unpackr.unpack(bytes) as Record<string, unknown>
    const last = frames.at(-1)
    if ('Seq' in object && 'Error' in object)
      frames.push({ header: { seq: Number(object['Seq']), error: String(object['Error']) } })
    else if (last) last.body = object
  }
  return frames
}

/** Not possible on a connection: one reuses a seq, the other ends after the header of a record. */
const BESIDE = ['stream-same-seq', 'monitor-twice']
const answered = wireFixtures.filter(({ name, reply }) => reply.length > 0 && !BESIDE.includes(name))

/** A header that is nobody's is shown when it comes, and once more with its body. */
const whenNobodysAre = (frames: Shown[]) =>
  frames.flatMap((shown) => ('body' in shown ? [{ header: shown.header }, shown] : [shown]))

describe('the replies of a real agent', () => {
  describe.each(answered)('$name', ({ requests, reply }) => {
    const bytes = Buffer.concat(reply)
    const calls = callsOf(requests)
    const whole = new FrameLog(calls).push(bytes)

    it('are decoded, each for its request', () => {
      const headers = framesOf(reply)
      expect(whole.accepted.map(({ seq, error }) => ({ seq, error }))).toEqual(
        headers.map((expected) => expected.header),
      )
      expect(whole.accepted.filter(({ body }) => body === MALFORMED)).toEqual([])
      expect(whole.accepted.map(({ body }) => body !== undefined)).toEqual(
        headers.map((one) => 'body' in one),
      )
      expect(whole.decoder.midFrame).toBe(false)
    })

    it('are decoded the same byte by byte, in pieces, and cut at every boundary', () => {
      for (const pieces of [
        cutEvery(bytes, 1),
        cutEvery(bytes, 7),
        cutEvery(bytes, 64),
        ...cutsOnce(bytes),
      ]) {
        expect(new FrameLog(calls).push(...pieces).accepted).toEqual(whole.accepted)
      }
    })

    it('are emitted as another decoder decodes them', () => {
      for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
        const observed = new FrameLog(calls, undefined, true).push(...pieces)
        expect(observed.tappedFrames).toEqual(framesOf(reply))
        expect(observed.accepted).toEqual(whole.accepted)
      }
    })

    it('are ignored when no request waits for them', () => {
      for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
        const stray = new FrameLog({}, undefined, true).push(...pieces)
        expect(stray.tappedFrames).toEqual(whenNobodysAre(framesOf(reply)))
        expect(stray.decoder.midFrame).toBe(false)
      }
    })
  })
})

describe('a frame decoder', () => {
  const members = wireFixture('members').reply[1] ?? Buffer.alloc(0)

  it('reads on in order after an error with a body', () => {
    const log = new FrameLog({ 1: joinCall('a'), 2: membersCall() })
    log.push(frame(1, { Num: 0 }, '1 error occurred'), header(2), members)
    expect(log.accepted).toEqual([
      { seq: 1, error: '1 error occurred', body: 0 },
      { seq: 2, error: '', body: [expect.objectContaining({ name: 'node-a' })] },
    ])
  })

  it.each(['Authentication required', 'Handshake required'])('expects no body after "%s"', (error) => {
    const log = new FrameLog({ 1: joinCall('a'), 2: membersCall() })
    log.push(header(1, error), header(2), members)
    expect(log.accepted).toHaveLength(2)
  })

  it('takes header fields in any order, and numbers in any format', () => {
    const log = new FrameLog({ 7: statsCall() })
    log.push(
      pack({ Seq: encoded(0xcf, 0, 0, 0, 0, 0, 0, 0, 7), Error: 'no' }),
      pack({ Error: 'no', Seq: encoded(0xd0, 7) }),
    )
    expect(log.accepted).toEqual([
      { seq: 7, error: 'no', body: undefined },
      { seq: 7, error: 'no', body: undefined },
    ])
  })

  it.each([
    ['a body without a header', pack({ Members: [] })],
    ['a second body', Buffer.concat([header(9), pack({ Num: 1 }), pack({ Num: 1 })])],
    ['a body where the reply has none', Buffer.concat([header(1, 'no'), pack({ agent: {} })])],
    ['a header without Seq', pack({ Error: '' })],
    ['a header with more', pack({ Error: '', Extra: 1, Seq: 1 })],
    ['a header whose Seq is text', pack({ Error: '', Seq: '1' })],
    ['a header whose Error is a number', pack({ Error: 1, Seq: 1 })],
    [
      'a header with one field twice',
      Buffer.concat([encoded(0x82).bytes, pack('Seq'), pack(1), pack('Seq'), pack(1)]),
    ],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
    ['a lone number', Buffer.from([0])],
    ['the byte 0xc1', Buffer.from([0xc1])],
    [
      'an extension for the Error',
      Buffer.concat([encoded(0x82).bytes, pack('Error'), encoded(0xd4, 0, 0).bytes]),
    ],
  ])('refuses %s, whole or byte by byte', (_, bytes) => {
    for (const pieces of [[bytes], cutEvery(bytes, 1)]) {
      expect(() => new FrameLog({ 1: statsCall() }).push(...pieces)).toThrow(ProtocolError)
    }
  })

  it('shows what came from another service', () => {
    expect(() => new FrameLog({}).push(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow(
      /HTTP\/1\.1 400.*another service/,
    )
  })

  it.each([
    ['a list for a map', pack([])],
    ['text for a number', pack({ Num: 'one' })],
    ['a float that is none of Serf', pack({ Num: encoded(0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0) })],
    ['a number alone', pack(5)],
    ['nothing but text', pack('none')],
  ])('tells the owner of a malformed body (%s), and reads on', (_, body) => {
    for (const size of [1, 1000]) {
      const log = new FrameLog({ 1: joinCall('a') })
      log.push(...cutEvery(Buffer.concat([header(1), body, frame(1, { Num: 2 })]), size))
      expect(log.accepted).toEqual([
        { seq: 1, error: '', body: MALFORMED },
        { seq: 1, error: '', body: 2 },
      ])
    }
  })

  it('refuses a list with one malformed member', () => {
    const list = pack({ Members: [{ Name: 'a' }, { Name: 5 }, { Name: 'c' }] })
    for (const size of [1, 1000]) {
      const log = new FrameLog({ 1: membersCall(), 2: joinCall('a') })
      log.push(...cutEvery(Buffer.concat([header(1), list, frame(2, { Num: 2 })]), size))
      expect(log.accepted).toEqual([
        { seq: 1, error: '', body: MALFORMED },
        { seq: 2, error: '', body: 2 },
      ])
    }
  })

  it('ignores fields that a later Serf may add', () => {
    const body = { Added: { deep: [1, [2, { three: 3 }]] }, Num: 3, Zzz: 'more' }
    for (const size of [1, 1000]) {
      const log = new FrameLog({ 1: joinCall('a') }).push(...cutEvery(frame(1, body), size))
      expect(log.accepted).toEqual([{ seq: 1, error: '', body: 3 }])
    }
  })

  it('keeps an error that comes with a record, however it is cut', () => {
    const record = { Coalesce: false, Event: 'user', LTime: 1, Name: 'deploy', Payload: null }
    const bytes = Buffer.concat([header(1), frame(1, record, 'boom')])
    for (const size of [1, 20, 60, bytes.length]) {
      const log = new FrameLog({ 1: streamCall('*') }).push(...cutEvery(bytes, size))
      expect(log.accepted.map(({ error }) => error)).toEqual(['', 'boom'])
    }
  })

  it('counts the values of a message, however it is cut', () => {
    const Tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, '']))
    const body = {
      Members: Array.from({ length: 100 }, (_, index) => ({ ...canonicalMember, Name: `${index}`, Tags })),
    }
    const bytes = frame(1, body)
    const values = 3 + 100 * (1 + 22 + 40)
    const taken = (most: number, size: number) => {
      const log = new FrameLog({ 1: membersCall() }, 4 * most)
      try {
        return log.push(...cutEvery(bytes, size)).accepted.length
      } catch (error) {
        return (error as Error).message.replace(/;.*/, '')
      }
    }
    expect(bytes.length).toBeLessThan(4 * values)
    for (const size of [1, 20, 100, 4096, bytes.length]) {
      expect([size, taken(values - 1, size)]).toEqual([
        size,
        `a message claims to hold more than ${values - 1} values`,
      ])
      expect([size, taken(values + 1, size)]).toEqual([size, 1])
    }
  })

  it('delivers nothing after it was stopped, also of the chunk it is at', () => {
    const log = new FrameLog({ 1: queryCall('a') })
    const onFrame = jest.fn(() => log.decoder.stop())
    jest.spyOn(log, 'ownerOf').mockReturnValue({
      expectsBody: () => false,
      readCanonical: () => undefined,
      read: () => undefined,
      onCanonicalBody: () => undefined,
      onFrame,
    })
    for (const pieces of [[Buffer.concat([header(1), header(1)])], cutEvery(header(1), 3)])
      log.push(...pieces)
    expect(onFrame).toHaveBeenCalledTimes(1)
    expect(log.decoder.midFrame).toBe(false)
  })

  it('tells where the bytes end within a frame', () => {
    const log = new FrameLog({ 1: membersCall(), 2: streamCall('*') })
    const midFrame = (bytes: Buffer) => log.push(bytes).decoder.midFrame
    expect(log.decoder.midFrame).toBe(false)
    expect(midFrame(header(1).subarray(0, 5))).toBe(true)
    expect(midFrame(header(1).subarray(5))).toBe(true) // its body is still to come
    expect(midFrame(members.subarray(0, 30))).toBe(true)
    expect(midFrame(members.subarray(30))).toBe(false)
    expect(midFrame(header(2))).toBe(false) // a stream has agreed, records may come or not
  })
})
