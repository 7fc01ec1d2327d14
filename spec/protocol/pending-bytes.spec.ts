import { PendingBytes } from '../../lib/protocol/pending-bytes'

const MIB = 1024 * 1024
const shown = ({ bytes, size }: PendingBytes) => bytes.toString('latin1', 0, size)

describe('pending bytes', () => {
  it('are a copy of what was appended, without what was dropped', () => {
    const pending = new PendingBytes()
    for (const text of ['abc', 'defgh', '']) {
      const chunk = Buffer.from(`<${text}>`)
      pending.append(chunk, 1, 1 + text.length)
      chunk.fill('x')
    }
    expect(shown(pending)).toBe('abcdefgh')
    pending.drop(0)
    pending.drop(3)
    expect(shown(pending)).toBe('defgh')
    pending.append(Buffer.from('ij'), 0, 2)
    expect(shown(pending)).toBe('defghij')
    pending.drop(7)
    expect(pending.size).toBe(0)
  })

  it('grow rarely, however many chunks there are', () => {
    const pending = new PendingBytes()
    const buffers = new Set<Buffer>()
    for (let count = 0; count < 10_000; count++) {
      pending.append(Buffer.from('0123456789'), 0, 10)
      buffers.add(pending.bytes)
    }
    expect(pending.size).toBe(100_000)
    expect(buffers.size).toBeLessThan(20)
  })

  it('drop a large buffer when they are empty, and keep a small one', () => {
    for (const [size, kept] of [
      [1000, true],
      [2 * MIB, false],
    ] as const) {
      const pending = new PendingBytes()
      pending.append(Buffer.alloc(size), 0, size)
      pending.clear()
      expect(pending.size).toBe(0)
      expect(pending.bytes.length > 0).toBe(kept)
    }
  })
})
