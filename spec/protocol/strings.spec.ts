import fc from 'fast-check'
import { stringAt } from '../../lib/protocol/strings'

const stringIn = (bytes: Buffer, start: number, size: number) =>
  stringAt(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start, size)

describe('a string of the wire', () => {
  it('is what its bytes say, whatever strings came before', () => {
    // Few characters, so that strings meet in the table of those that are known.
    const alike = fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '\ufffd', '🦉'), maxLength: 34 })
    const bytes = fc.oneof(
      alike.map((text) => Buffer.from(text)),
      fc.string({ maxLength: 40, unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 6 }).map((given) => Buffer.from(given)),
      fc
        .array(fc.constantFrom(0x61, 0xff, 0xc3, 0xa9, 0xfd), { maxLength: 34 })
        .map((given) => Buffer.from(given)),
    )
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 50 }), fc.nat(5), (all, before) => {
        for (const one of [...all, ...all]) {
          const around = Buffer.concat([Buffer.alloc(before, 0x62), one, Buffer.from('zz')])
          expect(stringIn(around, before, one.length)).toBe(one.toString('utf8'))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('does not follow its bytes once it was read', () => {
    const bytes = Buffer.from('deploy')
    const text = stringIn(bytes, 0, bytes.length)
    bytes.fill('x')
    expect(text).toBe('deploy')
    expect(stringIn(bytes, 0, bytes.length)).toBe('xxxxxx')
  })
})
