import fc from 'fast-check'
import { ProtocolError } from 'serfx'
import { Expected } from '../../lib/protocol/expected'
import { Reader } from '../../lib/protocol/reader'
import { Scanner } from '../../lib/protocol/scanner'
import { anyMessage } from '../support/wire/arbitrary'
import { double, encoded, pack, packEntries, type Packable } from '../support/wire/pack'

/** A reader of these bytes alone, in a buffer that has others before and behind. */
function readerOf(bytes: Buffer, whole = true, others = 0xff): Reader {
  const reader = new Reader(new Scanner(1024 * 1024))
  const around = Buffer.concat([Buffer.alloc(3, others), bytes, Buffer.alloc(300, others)])
  reader.begin(around, 3, 3 + bytes.length, whole)
  return reader
}

const reads: Record<string, (reader: Reader) => unknown> = {
  string: (reader) => reader.string(),
  binary: (reader) => reader.binary(),
  bool: (reader) => reader.bool(),
  integer: (reader) => reader.integer(),
  id: (reader) => reader.id(),
  float: (reader) => reader.float(),
  list: (reader) => reader.list((entry) => entry.string()),
  dictionary: (reader) => reader.dictionary((entry) => entry.integer(), 1_000),
  skip: (reader) => reader.skip(),
}

const good: [keyof typeof reads, string, Packable, unknown][] = [
  ['string', 'nothing', '', ''],
  ['string', 'a fixstr', 'alive', 'alive'],
  ['string', 'a str 8', 'x'.repeat(200), 'x'.repeat(200)],
  ['string', 'a str 16', 'é'.repeat(200), 'é'.repeat(200)],
  ['string', 'a str 32', '🦉'.repeat(20_000), '🦉'.repeat(20_000)],
  ['string', 'nil', null, ''],
  ['string', 'a byte order mark', '\ufeffx', '\ufeffx'],
  ['string', 'bytes that are no UTF-8', encoded(0xa4, 0x61, 0xff, 0xc3, 0x62), 'a\ufffd\ufffdb'],
  ['binary', 'a bin 8', Buffer.from([1, 2, 0xc1]), Buffer.from([1, 2, 0xc1])],
  ['binary', 'a bin 16', Buffer.alloc(300, 7), Buffer.alloc(300, 7)],
  ['binary', 'a bin 32', Buffer.alloc(70_000, 7), Buffer.alloc(70_000, 7)],
  ['binary', 'an empty bin', Buffer.alloc(0), Buffer.alloc(0)],
  ['binary', 'nil', null, Buffer.alloc(0)],
  ['bool', 'true', true, true],
  ['bool', 'false', false, false],
  ['bool', 'nil', null, false],
  ['integer', 'nil', null, 0],
  ['integer', 'a fixint', 127, 127],
  ['integer', 'a negative fixint', -32, -32],
  ['integer', 'a uint 8', 255, 255],
  ['integer', 'a uint 16', 65_535, 65_535],
  ['integer', 'a uint 32', 2 ** 32 - 1, 2 ** 32 - 1],
  ['integer', 'a uint 64', 2 ** 53 - 1, 2 ** 53 - 1],
  ['integer', 'a small number in 64 bits', encoded(0xcf, 0, 0, 0, 0, 0, 0, 0, 5), 5],
  ['integer', 'what a number cannot hold, rounded', 2n ** 64n - 1n, 2 ** 64],
  ['integer', 'an int 8', encoded(0xd0, 0x80), -128],
  ['integer', 'an int 16', encoded(0xd1, 0x80, 0), -32_768],
  ['integer', 'an int 32', encoded(0xd2, 0x80, 0, 0, 0), -(2 ** 31)],
  ['integer', 'an int 64', -(2n ** 40n), -(2 ** 40)],
  ['id', 'a small number', 7, 7],
  ['id', 'the largest number', 2 ** 53 - 1, 2 ** 53 - 1],
  ['id', 'one more', 2n ** 53n, 2n ** 53n],
  ['id', 'the largest of 64 bits', 2n ** 64n - 1n, 2n ** 64n - 1n],
  ['float', 'a double', double(-0.125), -0.125],
  ['float', 'a float 32', encoded(0xca, 0x3f, 0, 0, 0), 0.5],
  ['float', 'a whole number', 3, 3],
  ['float', 'nil', null, 0],
  ['list', 'strings', ['a', 'b'], ['a', 'b']],
  ['list', 'an array 16', new Array<string>(300).fill('x'), new Array<string>(300).fill('x')],
  ['list', 'an array 32', encoded(0xdd, 0, 0, 0, 1, 0xa1, 0x78), ['x']],
  ['list', 'nil', null, []],
  ['dictionary', 'numbers', { a: 1, b: 2 }, { a: 1, b: 2 }],
  ['dictionary', 'a map 16', encoded(0xde, 0, 1, 0xa1, 0x78, 1), { x: 1 }],
  ['dictionary', 'a map 32', encoded(0xdf, 0, 0, 0, 1, 0xa1, 0x78, 1), { x: 1 }],
  ['dictionary', 'nil', null, {}],
  ['skip', 'anything', { a: [1, { b: null }] }, undefined],
]

describe('a reader', () => {
  it.each(good)('reads as %s: %s', (kind, _, given, expected) => {
    const bytes = pack(given)
    const reader = readerOf(bytes)
    expect(reads[kind]?.(reader)).toEqual(expected)
    expect(reader.fault).toBe(false)
    expect(reader.at).toBe(reader.end)
  })

  it.each(good)('finds fault with it cut short, as %s: %s', (kind, _, given) => {
    const bytes = pack(given)
    const step = Math.ceil(bytes.length / 300)
    for (let length = 0; length < bytes.length; length += step) {
      const reader = readerOf(bytes.subarray(0, length))
      reads[kind]?.(reader)
      expect(reader.fault).toBe(true)
    }
  })

  it.each([
    ['string', Buffer.from('bytes')],
    ['string', 5],
    ['string', ['a']],
    ['binary', 'text'],
    ['binary', [1, 2]],
    ['bool', 1],
    ['bool', 'true'],
    ['integer', '1'],
    ['integer', double(1)],
    ['integer', true],
    ['id', double(1)],
    ['float', '0.5'],
    ['list', { a: 'b' }],
    ['list', ['a', 1]],
    ['list', 'text'],
    ['dictionary', ['a', 1]],
    ['dictionary', { a: 'b' }],
    ['dictionary', encoded(0x81, 0x01, 0x01)],
  ] as [keyof typeof reads, Packable][])('finds fault with what is no %s', (kind, given) => {
    const reader = readerOf(pack(given))
    reads[kind]?.(reader)
    expect(reader.fault).toBe(true)
  })

  it('skips only what has been scanned', () => {
    const reader = readerOf(pack([1, 2]), false)
    reader.skip()
    expect(reader.fault).toBe(true)
  })

  it('never throws anything but a ProtocolError, and never reads beyond the end', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({ message: anyMessage, cut: fc.nat(60) })
        .map(({ message, cut }) => pack(message).subarray(0, cut)),
    )
    fc.assert(
      fc.property(anyBytes, fc.constantFrom(...Object.values(reads)), fc.boolean(), (bytes, read, whole) => {
        const outcome = (others: number) => {
          const reader = readerOf(bytes, whole, others)
          try {
            const value = read(reader)
            return { value, fault: reader.fault }
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError)
            return { error: String(error) }
          }
        }
        // Whatever stands around them: a string, a map, a number, nothing that can be.
        for (const others of [0x61, 0x81, 0xcb, 0x00]) expect(outcome(others)).toEqual(outcome(0xff))
      }),
      { numRuns: 3000 },
    )
  })

  it('sets nothing aside for what a list or a map merely claims to hold', () => {
    for (const [type, read] of [
      [0xdd, reads['list']],
      [0xdf, reads['dictionary']],
    ] as const) {
      const reader = readerOf(Buffer.from([type, 0xff, 0xff, 0xff, 0xff, 0xa0]))
      read?.(reader)
      expect(reader.fault).toBe(true)
    }
  })

  it.each([1, 64, 65, 300, 1024, 1025, 70_000])(
    'copies a payload of %i bytes, so that it keeps no chunk alive',
    (size) => {
      const reader = readerOf(pack(Buffer.alloc(size, 'payload')))
      const payload = reader.binary()
      reader.bytes.fill(0)
      expect(payload).toEqual(Buffer.alloc(size, 'payload'))
      // At most a block of Node's buffer pool, and nothing beyond its own bytes where it is large.
      expect(payload.buffer.byteLength).toBeLessThanOrEqual(Math.max(size, Buffer.poolSize))
      expect(Buffer.isBuffer(payload)).toBe(true)
    },
  )

  it('takes a key __proto__ for data', () => {
    const dictionary = readerOf(
      packEntries([
        ['__proto__', 1],
        ['constructor', 2],
        ['toString', 3],
      ]),
    ).dictionary((entry) => entry.integer(), 1_000)
    expect(Object.entries(dictionary)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 3],
    ])
    expect(Object.getPrototypeOf(dictionary)).toBe(Object.prototype)
    expect(Object.hasOwn(Object.prototype, '1')).toBe(false)
  })

  it('lets the last of two equal keys count', () => {
    expect(
      readerOf(
        packEntries([
          ['a', 1],
          ['a', 2],
        ]),
      ).dictionary((entry) => entry.integer(), 1_000),
    ).toEqual({ a: 2 })
  })

  it('steps over what it expects, and over nothing else', () => {
    const expected = Expected.of(0x82, 'Error', '', 'Seq')
    const bytes = Buffer.concat([pack({ Error: '', Seq: 9 })])
    const reader = readerOf(bytes)
    expect(reader.matches(expected)).toBe(true)
    expect(reader.integer()).toBe(9)
    for (let index = 0; index < expected.size; index++) {
      const other = Buffer.from(bytes)
      other[index] = (other[index] ?? 0) ^ 1
      const unlike = readerOf(other)
      expect(unlike.matches(expected)).toBe(false)
      expect(unlike.at).toBe(3)
      expect(readerOf(bytes.subarray(0, index)).matches(expected)).toBe(false)
    }
  })
})
