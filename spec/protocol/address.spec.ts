import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { addressText } from '../../lib/protocol/address'

const text = (...bytes: number[]) => addressText(Buffer.from([9, ...bytes, 9]), 1, 1 + bytes.length)
const groups = (...values: number[]) => values.flatMap((value) => [value >> 8, value & 0xff])

describe('an address', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['0.0.0.0', [0, 0, 0, 0]],
    ['10.20.30.255', [10, 20, 30, 255]],
    ['10.0.0.7', groups(0, 0, 0, 0, 0, 0xffff, 0x0a00, 0x0007)],
    ['::1', groups(0, 0, 0, 0, 0, 0, 0, 1)],
    ['::', groups(0, 0, 0, 0, 0, 0, 0, 0)],
    ['fe80::1', groups(0xfe80, 0, 0, 0, 0, 0, 0, 1)],
    ['2001:db8::1:0:0:1', groups(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)],
    ['2001:db8:0:1:1:1:1:1', groups(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)],
    ['ff02::fb', groups(0xff02, 0, 0, 0, 0, 0, 0, 0xfb)],
    ['', []],
  ])('is written as people do: %s', (expected, bytes) => {
    expect(text(...bytes)).toBe(expected)
  })

  it.each([1, 3, 5, 15, 17, 32])('is none with %i bytes', (length) => {
    expect(text(...new Array<number>(length).fill(1))).toBeUndefined()
  })

  it('of any 16 bytes names these bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const written = text(...bytes) ?? ''
        if (!isIPv6(written))
          expect([...bytes.subarray(0, 12)]).toEqual([...new Array<number>(10).fill(0), 255, 255])
        else
          expect(expand(written)).toEqual(
            Array.from({ length: 8 }, (_, at) => Buffer.from(bytes).readUInt16BE(2 * at)),
          )
      }),
    )
  })
})

/** The eight groups of an address in its short form. */
function expand(written: string): number[] {
  const [head = '', tail] = written.split('::')
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  if (tail === undefined) return parse(head)
  const missing = 8 - parse(head).length - parse(tail).length
  return [...parse(head), ...new Array<number>(missing).fill(0), ...parse(tail)]
}
