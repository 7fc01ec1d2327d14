import fc from 'fast-check'
import { Unpackr } from 'msgpackr'
import { Writer, type WireValue } from '../../lib/protocol/writer'
import { anyMessage } from '../support/wire/arbitrary'
import { pack, type Packable } from '../support/wire/pack'

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false })

function written(value: WireValue): Buffer {
  const writer = new Writer()
  writer.value(value)
  return writer.flush()
}

/** With numbers where a number is exact: a bigint goes in 64 bits, however small it is. */
function natural(value: Packable): WireValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return (value as readonly Packable[]).map(natural)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, natural(entry as Packable)]))
}

describe('a writer', () => {
  it('writes any value that the wire can carry, byte for byte as an agent would', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(written(natural(message)).toString('hex')).toBe(pack(message).toString('hex'))
      }),
    )
  })

  it.each([
    0,
    1,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -1,
    -32,
    -33,
    -128,
    -129,
    -(2 ** 31),
    -(2 ** 31) - 1,
    -(2 ** 53 - 1),
  ])('writes %i as an integer', (value) => {
    const bytes = written(value)
    expect([0xca, 0xcb]).not.toContain(bytes[0])
    expect(Number(unpackr.unpack(bytes))).toBe(value)
  })

  it.each([0n, 2n ** 53n + 1n, 2n ** 64n - 1n, -(2n ** 63n)])('writes %i as it is', (value) => {
    expect(unpackr.unpack(written(value))).toBe(value)
  })

  it.each([0, 1, 23, 24, 25, 31, 32, 255, 256, 65_535, 65_536])('writes strings of %i bytes', (size) => {
    const ascii = 'x'.repeat(size)
    expect(written(ascii).equals(pack(ascii))).toBe(true)
    const wide = 'é'.repeat(size)
    expect(written(wide).equals(pack(wide))).toBe(true)
  })

  it.each([0, 255, 256, 65_535, 65_536, 1_000_000])('writes %i bytes as bin', (size) => {
    expect(written(Buffer.alloc(size, 7)).equals(pack(Buffer.alloc(size, 7)))).toBe(true)
  })

  it.each([15, 16, 65_536])('writes lists and maps of %i', (size) => {
    const list = new Array<number>(size).fill(1)
    expect(written(list).equals(pack(list))).toBe(true)
    const map = Object.fromEntries(list.map((_, index) => [`k${index}`, index]))
    expect(written(map).equals(pack(map))).toBe(true)
  })

  it('leaves out what is undefined', () => {
    expect(written({ a: 1, b: undefined, c: 2 }).equals(pack({ a: 1, c: 2 }))).toBe(true)
  })

  it('keeps half a surrogate from making the string another length', () => {
    expect(unpackr.unpack(written(`${'x'.repeat(30)}\ud800`))).toBe(`${'x'.repeat(30)}\ufffd`)
    expect(unpackr.unpack(written('\ud800'))).toBe('\ufffd')
  })

  it('gives each taken piece bytes of its own', () => {
    const writer = new Writer()
    writer.value('first')
    const first = writer.flush()
    writer.value('second')
    const second = writer.flush()
    expect(first.equals(pack('first'))).toBe(true)
    expect(second.equals(pack('second'))).toBe(true)
    expect(writer.length).toBe(0)
    expect(writer.flush()).toHaveLength(0)
  })

  it('grows for what is large, between values and within one', () => {
    const writer = new Writer()
    const values = [
      Buffer.alloc(16_000),
      'x'.repeat(16_000),
      Buffer.alloc(400_000),
      'y'.repeat(10),
      2n ** 60n,
    ]
    for (const value of values) writer.value(value)
    expect(writer.flush().equals(Buffer.concat(values.map(pack)))).toBe(true)
    writer.value('z')
    expect(writer.flush().equals(pack('z'))).toBe(true)
  })
})
