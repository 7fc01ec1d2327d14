import fc from 'fast-check'
import { Unpackr } from 'msgpackr'
import { decode, toWire, writeRequest } from '../../lib/protocol/codec'
import { Writer } from '../../lib/protocol/writer'
import { anyMessage } from '../support/wire/arbitrary'
import { encoded, pack, type Packable, packEntries } from '../support/wire/pack'

const unpackr = new Unpackr({ useRecords: false })

function request(command: string, seq: number, body?: Parameters<typeof writeRequest>[3]): unknown[] {
  const writer = new Writer()
  writeRequest(writer, command, seq, body)
  return unpackr.unpackMultiple(writer.flush()) as unknown[]
}

describe('a request', () => {
  it('is a header and a body', () => {
    expect(request('event', 7, { Name: 'deploy' })).toEqual([
      { Command: 'event', Seq: 7 },
      { Name: 'deploy' },
    ])
    expect(request('members', 8, undefined)).toEqual([{ Command: 'members', Seq: 8 }])
    // The encoded name is kept from the first request on, and gives the same bytes.
    expect(request('event', 9, {})).toEqual([{ Command: 'event', Seq: 9 }, {}])
  })

  it('has its seq as an integer, however large', () => {
    expect(request('members', 2 ** 40, undefined)).toEqual([{ Command: 'members', Seq: BigInt(2 ** 40) }])
  })

  it('can be any of countless unknown commands', () => {
    for (let index = 0; index < 200; index++) {
      expect(request(`unknown-${index}`, index)).toEqual([{ Command: `unknown-${index}`, Seq: index }])
    }
  })
})

describe('decoding', () => {
  it('has numbers as numbers where they are exact, else as bigint', () => {
    const bytes = pack({
      a: 1,
      b: 2 ** 53 - 1,
      c: 2n ** 53n,
      d: encoded(0xcf, 0, 0, 0, 0, 0, 0, 0, 5),
      e: [2n ** 64n - 1n],
    })
    expect(decode(bytes)).toEqual({ a: 1, b: 2 ** 53 - 1, c: 2n ** 53n, d: 5, e: [2n ** 64n - 1n] })
  })

  it('has a key __proto__ as data', () => {
    const value = decode(
      packEntries([
        ['__proto__', { polluted: true }],
        ['constructor', 1],
      ]),
    ) as object
    expect(Object.entries(value)).toEqual([
      ['__proto__', { polluted: true }],
      ['constructor', 1],
    ])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('polluted' in value).toBe(false)
  })

  it('has text that is no UTF-8 with U+FFFD', () => {
    expect(decode(Buffer.from([0xa2, 0x61, 0xff]))).toBe('a\ufffd')
  })

  it('keeps nothing of the bytes that it was given', () => {
    const bytes = pack({
      payload: Buffer.from('bytes'),
      text: 'a text that is longer than what is remembered',
    })
    const value = decode(bytes)
    bytes.fill(0)
    expect(value).toEqual({
      payload: Buffer.from('bytes'),
      text: 'a text that is longer than what is remembered',
    })
  })

  it('decodes every value that the writer writes', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(pack(toWire(decode(pack(message)), 'the value') as Packable).equals(pack(message))).toBe(true)
      }),
    )
  })
})

describe('a value of a user', () => {
  it('is copied as it is if the wire can carry it', () => {
    const body = { text: 'a', list: [1, 2n, true, null], map: { bytes: Buffer.from('x') }, none: undefined }
    expect(toWire(body, 'the body')).toEqual({
      text: 'a',
      list: [1, 2n, true, null],
      map: { bytes: Buffer.from('x') },
    })
    expect(toWire(Object.assign(Object.create(null), { a: 1 }), 'the body')).toEqual({ a: 1 })
  })

  it.each([
    ['a fraction', { Timeout: 1.5 }, RangeError, 'the body.Timeout is 1.5'],
    ['what is no number', { Timeout: NaN }, RangeError, 'the body.Timeout'],
    ['infinity', [Infinity], RangeError, 'the body[0]'],
    ['a number that is not exact', { Seq: 2 ** 53 }, RangeError, 'the body.Seq'],
    ['a bigint of 65 bits', { ID: 2n ** 64n }, RangeError, 'the body.ID'],
    ['a bigint below 64 bits', -(2n ** 63n) - 1n, RangeError, 'the body'],
    ['a date', { at: new Date() }, TypeError, 'the body.at is a Date'],
    ['a map', new Map(), TypeError, 'Map'],
    [
      'a class',
      {
        deep: [
          new (class Thing {
            readonly it = 1
          })(),
        ],
      },
      TypeError,
      'the body.deep[0] is a Thing',
    ],
    ['a function', { call: () => 1 }, TypeError, 'the body.call'],
    ['a symbol', Symbol('s'), TypeError, 'the body'],
    ['undefined in a list', [undefined], TypeError, 'the body[0]'],
    ['a hole in a list', [1, , 2], TypeError, 'the body[1]'],
  ])('is refused where it cannot: %s', (_, value, kind, place) => {
    expect(() => toWire(value, 'the body')).toThrow(kind)
    expect(() => toWire(value, 'the body')).toThrow(place)
  })

  it('is what it was when it was handed in', () => {
    const bytes = Buffer.from('before')
    const body = { Payload: bytes, list: ['before'] }
    const wire = toWire(body, 'the body')
    bytes.write('after!')
    body.list[0] = 'after'
    expect(wire).toEqual({ Payload: Buffer.from('before'), list: ['before'] })
  })
})
