import { payloadBytes, queryId } from '../../lib/protocol/arguments'

/** What somebody without a compiler may pass. */
const anything = (value: unknown) => value as never

describe('arguments of the protocol', () => {
  it('are payloads: text as UTF-8, bytes as they are', () => {
    expect(payloadBytes('é')).toEqual(Buffer.from([0xc3, 0xa9]))
    expect(payloadBytes(Uint8Array.of(0, 255, 0xc1))).toEqual(Buffer.from([0, 255, 0xc1]))
    expect(payloadBytes(new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2))).toEqual(Buffer.from([2, 3]))
    expect(payloadBytes('')).toEqual(Buffer.alloc(0))
    expect(payloadBytes(undefined)).toBeNull()
    for (const value of [null, 5, {}, ['a'], new ArrayBuffer(2), new DataView(new ArrayBuffer(2))]) {
      expect(() => payloadBytes(anything(value))).toThrow(TypeError)
    }
  })

  it('are payloads as they were when they were handed in', () => {
    const scratch = Buffer.from('first')
    const payload = payloadBytes(scratch)
    scratch.write('other')
    expect(payload).toEqual(Buffer.from('first'))
  })

  it('are ids of 64 bits', () => {
    for (const id of [0, 1, 2 ** 32 - 1, 0n, 2n ** 32n, 2n ** 64n - 1n])
      expect(BigInt(queryId(id))).toBe(BigInt(id))
    // A number beyond 32 bits must not be taken for a float by whoever writes it.
    expect(queryId(2 ** 32)).toBe(2n ** 32n)
    for (const id of [-1, 1.5, 2 ** 53, NaN, -1n, 2n ** 64n]) {
      expect(() => queryId(id)).toThrow(RangeError)
    }
    for (const id of ['1', null]) expect(() => queryId(anything(id))).toThrow(TypeError)
  })
})
