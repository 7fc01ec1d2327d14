import {
  dictionary,
  flag,
  integerBetween,
  milliseconds,
  nonEmpty,
  payloadBytes,
  queryId,
  text,
  texts,
} from '../../lib/protocol/arguments'

/** What somebody without a compiler may pass. */
const anything = (value: unknown) => value as never

describe('arguments', () => {
  it('are strings where strings belong', () => {
    expect(text('', 'it')).toBe('')
    expect(nonEmpty('a', 'it')).toBe('a')
    expect(() => nonEmpty('', 'the name of an event')).toThrow(
      new TypeError('the name of an event must not be empty'),
    )
    for (const value of [undefined, null, 5, ['a'], Buffer.from('a')]) {
      expect(() => text(value, 'the key')).toThrow(new TypeError('the key must be a string'))
      expect(() => nonEmpty(value, 'the key')).toThrow(TypeError)
    }
  })

  it('are lists of strings where these belong', () => {
    const given = ['a', 'b']
    const taken = texts(given, 'the addresses')
    given.push('c')
    expect(taken).toEqual(['a', 'b'])
    for (const value of ['a', { 0: 'a' }, new Set(['a']), undefined])
      expect(() => texts(value, 'it')).toThrow(TypeError)
    for (const value of [[''], [5], ['a', undefined]])
      expect(() => texts(value, 'it')).toThrow('an entry of it')
  })

  it('are maps of strings where these belong', () => {
    const given = { a: '1', b: '', c: undefined }
    const taken = dictionary(given, 'the tags')
    given.a = '2'
    expect(taken).toEqual({ a: '1', b: '' })
    expect(Object.keys(taken)).toEqual(['a', 'b'])
    for (const value of [null, undefined, 'a', ['a']])
      expect(() => dictionary(value, 'it')).toThrow(TypeError)
    expect(() => dictionary({ role: 5 }, 'the tags')).toThrow('the tags.role must be a string')
    const odd: unknown = JSON.parse('{"__proto__":"x"}')
    expect(Object.entries(dictionary(odd, 'it'))).toEqual([['__proto__', 'x']])
  })

  it('are yes or no where that is asked', () => {
    expect(flag(true, false, 'it')).toBe(true)
    expect(flag(false, true, 'it')).toBe(false)
    expect(flag(undefined, true, 'it')).toBe(true)
    for (const value of ['false', 1, 0, null, {}]) {
      expect(() => flag(anything(value), true, 'the option coalesce')).toThrow(
        new TypeError('the option coalesce must be true or false'),
      )
    }
  })

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

  it('are integers within bounds', () => {
    expect(integerBetween(0, 0, 255, 'it')).toBe(0)
    expect(integerBetween(255, 0, 255, 'it')).toBe(255)
    for (const value of [-1, 256, 1.5, NaN, Infinity, '5', undefined, 5n]) {
      expect(() => integerBetween(anything(value), 0, 255, 'relayFactor')).toThrow(RangeError)
      expect(() => integerBetween(anything(value), 0, 255, 'relayFactor')).toThrow(
        'relayFactor must be an integer from 0 to 255',
      )
    }
  })

  it('are times that a timer can hold', () => {
    for (const value of [1, 1.5, 15_000, 2 ** 31 - 1]) expect(milliseconds(value, 1, 'it')).toBe(value)
    for (const value of [0, 0.999, -1, 2 ** 31, Infinity, NaN, '1000', null, 5n]) {
      expect(() => milliseconds(anything(value), 1, 'the timeout')).toThrow(RangeError)
    }
  })

  it('are ids of 64 bits', () => {
    for (const id of [0, 1, 2 ** 32 - 1, 0n, 2n ** 32n, 2n ** 64n - 1n])
      expect(BigInt(queryId(id))).toBe(BigInt(id))
    // A number beyond 32 bits must not be taken for a float by whoever writes it.
    expect(queryId(2 ** 32)).toBe(2n ** 32n)
    for (const id of [-1, 1.5, 2 ** 53, NaN, -1n, 2n ** 64n, '1', null]) {
      expect(() => queryId(anything(id))).toThrow(RangeError)
    }
  })
})
