import fc from 'fast-check'
import { ProtocolError } from 'serfx'
import { MAX_DEPTH } from '../../lib/protocol/limits'
import { Scanner } from '../../lib/protocol/scanner'
import { cutAt } from '../support/wire/cuts'
import { pack } from '../support/wire/pack'
import { anyMessage } from '../support/wire/arbitrary'

const CAP = 1024 * 1024
const EXTENSIONS = [0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]

const zeros = (size: number) => Buffer.alloc(size)
const withLength = (type: number, width: number, length: number) => {
  const bytes = Buffer.alloc(1 + width, type)
  bytes.writeUIntBE(length, 1, width)
  return bytes
}

/** Every format, by its type byte: shortest and longest that can be written out here. */
const formats: [string, Buffer][] = [
  ['positive fixint', Buffer.from([0x7f])],
  ['negative fixint', Buffer.from([0xe0])],
  ['nil', Buffer.from([0xc0])],
  ['false', Buffer.from([0xc2])],
  ['true', Buffer.from([0xc3])],
  ['float 32', Buffer.concat([Buffer.from([0xca]), zeros(4)])],
  ['float 64', Buffer.concat([Buffer.from([0xcb]), zeros(8)])],
  ['uint 8', Buffer.concat([Buffer.from([0xcc]), zeros(1)])],
  ['uint 16', Buffer.concat([Buffer.from([0xcd]), zeros(2)])],
  ['uint 32', Buffer.concat([Buffer.from([0xce]), zeros(4)])],
  ['uint 64', Buffer.concat([Buffer.from([0xcf]), zeros(8)])],
  ['int 8', Buffer.concat([Buffer.from([0xd0]), zeros(1)])],
  ['int 16', Buffer.concat([Buffer.from([0xd1]), zeros(2)])],
  ['int 32', Buffer.concat([Buffer.from([0xd2]), zeros(4)])],
  ['int 64', Buffer.concat([Buffer.from([0xd3]), zeros(8)])],
  ['empty fixstr', Buffer.from([0xa0])],
  ['fixstr', Buffer.concat([Buffer.from([0xbf]), zeros(31)])],
  ['str 8', Buffer.concat([withLength(0xd9, 1, 255), zeros(255)])],
  ['empty str 8', withLength(0xd9, 1, 0)],
  ['str 16', Buffer.concat([withLength(0xda, 2, 300), zeros(300)])],
  ['str 32', Buffer.concat([withLength(0xdb, 4, 70_000), zeros(70_000)])],
  ['bin 8', Buffer.concat([withLength(0xc4, 1, 200), zeros(200)])],
  ['bin 16', Buffer.concat([withLength(0xc5, 2, 300), zeros(300)])],
  ['bin 32', Buffer.concat([withLength(0xc6, 4, 70_000), zeros(70_000)])],
  ['empty fixarray', Buffer.from([0x90])],
  ['fixarray', Buffer.concat([Buffer.from([0x9f]), zeros(15)])],
  ['array 16', Buffer.concat([withLength(0xdc, 2, 300), zeros(300)])],
  ['array 32', Buffer.concat([withLength(0xdd, 4, 70_000), zeros(70_000)])],
  ['empty array 32', withLength(0xdd, 4, 0)],
  ['empty fixmap', Buffer.from([0x80])],
  ['fixmap', Buffer.concat([Buffer.from([0x8f]), zeros(30)])],
  ['map 16', Buffer.concat([withLength(0xde, 2, 300), zeros(600)])],
  ['map 32', Buffer.concat([withLength(0xdf, 4, 70_000), zeros(140_000)])],
]

describe('a scanner', () => {
  it.each(formats)('finds where %s ends', (_, bytes) => {
    const followed = Buffer.concat([bytes, Buffer.from([0x01])])
    expect(new Scanner(CAP).scan(followed, 0, followed.length)).toBe(bytes.length)
  })

  it.each(formats.filter(([, bytes]) => bytes.length > 1))(
    'wants the rest of %s that is cut short, and then finds its end',
    (_, bytes) => {
      for (const length of [1, bytes.length >> 1, bytes.length - 1]) {
        const scanner = new Scanner(CAP)
        expect(scanner.scan(bytes, 0, length)).toBe(-1)
        expect(scanner.scan(bytes, 0, bytes.length)).toBe(bytes.length)
        expect(scanner.idle).toBe(true)
      }
    },
  )

  it('does not look beyond the end it is given', () => {
    const bytes = pack(['a', 'b', 'c'])
    expect(new Scanner(CAP).scan(bytes, 0, bytes.length - 2)).toBe(-1)
  })

  it('finds any message at any place, however it arrives', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(9), fc.array(fc.nat(400), { maxLength: 5 }), (message, before, cuts) => {
        const packed = pack(message)
        const bytes = Buffer.concat([Buffer.alloc(before, 0xc1), packed, Buffer.alloc(3, 0xc1)])
        const scanner = new Scanner(CAP)
        let arrived = before
        let end = -1
        for (const piece of cutAt(packed, ...cuts)) {
          expect(end).toBe(-1)
          arrived += piece.length
          end = scanner.scan(bytes, before, arrived)
        }
        expect(end).toBe(before + packed.length)
      }),
    )
  })

  it('looks at each byte once, even when bytes arrive one by one', () => {
    const bytes = pack(Array.from({ length: 500 }, (_, index) => ({ Name: `node-${index}`, Port: index })))
    let looks = 0
    const counted = new Proxy(bytes, {
      get(target, key) {
        looks++
        const value: unknown = Reflect.get(target, key)
        return value
      },
    })
    const scanner = new Scanner(CAP)
    for (let end = 1; end < bytes.length; end++) expect(scanner.scan(counted, 0, end)).toBe(-1)
    expect(scanner.scan(counted, 0, bytes.length)).toBe(bytes.length)
    // The head of a value whose rest is still to come is looked at again: five bytes at most.
    expect(looks).toBeLessThan(6 * bytes.length)
  })

  describe('refuses, as soon as the claim is made,', () => {
    const refused = (bytes: Buffer, cap = CAP) => expect(() => new Scanner(cap).scan(bytes, 0, bytes.length))

    it.each(EXTENSIONS)('the extension of type %i', (type) => {
      refused(Buffer.from([type])).toThrow(ProtocolError)
      refused(Buffer.from([0x81, 0xa1, 0x61, type])).toThrow(`extension 0x${type.toString(16)}`)
    })

    it('the byte 0xc1', () => {
      refused(Buffer.from([0xc1])).toThrow(ProtocolError)
      refused(Buffer.from([0x92, 0x00, 0xc1])).toThrow('0xc1')
    })

    it.each([0xdb, 0xc6])('4 GiB in one value (type %i)', (type) => {
      refused(withLength(type, 4, 2 ** 32 - 1)).toThrow('maxFrameBytes')
    })

    it.each([0xdd, 0xdf])('4 billion values (type %i)', (type) => {
      refused(withLength(type, 4, 2 ** 32 - 1)).toThrow('maxFrameBytes')
    })

    it('a byte too many, and not a byte too few', () => {
      refused(withLength(0xd9, 1, 99), 100).toThrow('larger than 100 bytes')
      expect(new Scanner(100).scan(withLength(0xd9, 1, 98), 0, 2)).toBe(-1)
    })

    it('more values than a quarter of the bytes allowed', () => {
      refused(withLength(0xdc, 2, 100), 400).toThrow('more than 100 values')
      expect(new Scanner(400).scan(withLength(0xdc, 2, 99), 0, 3)).toBe(-1)
    })

    it('many small claims that come to too many values', () => {
      const lists = Buffer.concat([withLength(0xdc, 2, 90), Buffer.alloc(90, 0x91)])
      refused(lists, 400).toThrow('more than 100 values')
    })

    it('deeper nesting than any reply has', () => {
      const deep = (levels: number) => Buffer.concat([Buffer.alloc(levels, 0x91), Buffer.from([0x00])])
      expect(new Scanner(CAP).scan(deep(MAX_DEPTH), 0, MAX_DEPTH + 1)).toBe(MAX_DEPTH + 1)
      refused(deep(MAX_DEPTH + 1)).toThrow('nested deeper than 16')
      refused(deep(100_000)).toThrow(ProtocolError)
      refused(Buffer.alloc(100_000, 0x81)).toThrow(ProtocolError)
    })
  })

  it('accepts any bytes or refuses them with a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        try {
          const end = new Scanner(64).scan(bytes, 0, bytes.length)
          expect(end === -1 || (end > 0 && end <= bytes.length)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('can be used again after a message, and after a reset', () => {
    const scanner = new Scanner(CAP)
    const bytes = pack({ a: [1, 2, 3] })
    expect(scanner.scan(bytes, 0, bytes.length)).toBe(bytes.length)
    expect(scanner.scan(bytes, 0, 4)).toBe(-1)
    expect(scanner.idle).toBe(false)
    scanner.reset()
    expect(scanner.idle).toBe(true)
    expect(scanner.scan(bytes, 0, bytes.length)).toBe(bytes.length)
  })
})
