import { PendingBytes } from '../../lib/protocol/pending-bytes'

const MIB = 1024 * 1024
const shown = ({ bytes, size }: PendingBytes) => bytes.toString('latin1', 0, size)

describe('a remainder', () => {
  it('is what was added, without what was dropped, of chunks that are gone', () => {
    const remainder = new PendingBytes()
    for (const text of ['abc', 'defgh', '']) {
      const chunk = Buffer.from(`<${text}>`)
      remainder.append(chunk, 1, 1 + text.length)
      chunk.fill('x')
    }
    expect(shown(remainder)).toBe('abcdefgh')
    remainder.drop(0)
    remainder.drop(3)
    expect(shown(remainder)).toBe('defgh')
    remainder.append(Buffer.from('ij'), 0, 2)
    expect(shown(remainder)).toBe('defghij')
    remainder.drop(7)
    expect(remainder.size).toBe(0)
  })

  it('grows seldom, however many chunks there are', () => {
    const remainder = new PendingBytes()
    const buffers = new Set<Buffer>()
    for (let count = 0; count < 10_000; count++) {
      remainder.append(Buffer.from('0123456789'), 0, 10)
      buffers.add(remainder.bytes)
    }
    expect(remainder.size).toBe(100_000)
    expect(buffers.size).toBeLessThan(20)
  })

  it('gives a large buffer back, and keeps a small one', () => {
    for (const [size, kept] of [
      [1000, true],
      [2 * MIB, false],
    ] as const) {
      const remainder = new PendingBytes()
      remainder.append(Buffer.alloc(size), 0, size)
      remainder.clear()
      expect(remainder.size).toBe(0)
      expect(remainder.bytes.length > 0).toBe(kept)
    }
  })
})
