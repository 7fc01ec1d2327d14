import {
  dictionary,
  flag,
  integerBetween,
  knownOptions,
  milliseconds,
  nonEmpty,
  shown,
  text,
  texts,
} from '../lib/arguments'

/** What somebody without a compiler may pass. */
const anything = (value: unknown) => value as never

describe('arguments', () => {
  it('must be strings where strings are expected', () => {
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

  it('must be lists of strings where these are expected', () => {
    const given = ['a', 'b']
    const taken = texts(given, 'the addresses')
    given.push('c')
    expect(taken).toEqual(['a', 'b'])
    for (const value of ['a', { 0: 'a' }, new Set(['a']), undefined])
      expect(() => texts(value, 'it')).toThrow(TypeError)
    for (const value of [[''], ['', 'a'], [5], ['a', undefined], ['a', , 'b']])
      expect(() => texts(value, 'it')).toThrow('an entry of it')
  })

  it('must be maps of strings where these are expected', () => {
    const given = { a: '1', b: '', c: undefined }
    const taken = dictionary(given, 'the tags')
    given.a = '2'
    expect(taken).toEqual({ a: '1', b: '' })
    expect(Object.keys(taken)).toEqual(['a', 'b'])
    for (const value of [null, undefined, 'a', ['a'], new Map([['a', '1']]), Promise.resolve({})])
      expect(() => dictionary(value, 'it')).toThrow(TypeError)
    expect(dictionary(Object.assign(Object.create(null), { a: '1' }), 'it')).toEqual({ a: '1' })
    expect(() => dictionary({ role: 5 }, 'the tags')).toThrow('the tags.role must be a string')
    const odd: unknown = JSON.parse('{"__proto__":"x"}')
    expect(Object.entries(dictionary(odd, 'it'))).toEqual([['__proto__', 'x']])
  })

  it('must be true or false where a boolean is expected', () => {
    expect(flag(true, false, 'it')).toBe(true)
    expect(flag(false, true, 'it')).toBe(false)
    expect(flag(undefined, true, 'it')).toBe(true)
    for (const value of ['false', 1, 0, null, {}]) {
      expect(() => flag(anything(value), true, 'the option coalesce')).toThrow(
        new TypeError(`the option coalesce must be true or false, not ${shown(value)}`),
      )
    }
  })

  it('must be integers within bounds', () => {
    expect(integerBetween(0, 0, 255, 'it')).toBe(0)
    expect(integerBetween(255, 0, 255, 'it')).toBe(255)
    for (const value of ['5', undefined, 5n]) {
      expect(() => integerBetween(anything(value), 0, 255, 'relayFactor')).toThrow(TypeError)
    }
    expect(() => integerBetween(anything('5'), 0, 255, 'relayFactor')).toThrow(
      'relayFactor must be an integer, not "5"',
    )
    for (const value of [-1, 256, 1.5, NaN, Infinity]) {
      expect(() => integerBetween(anything(value), 0, 255, 'relayFactor')).toThrow(RangeError)
      expect(() => integerBetween(anything(value), 0, 255, 'relayFactor')).toThrow(
        'relayFactor must be an integer from 0 to 255',
      )
    }
  })

  it('must be times that a timer can hold', () => {
    for (const value of [1, 1.5, 15_000, 2 ** 31 - 1]) expect(milliseconds(value, 1, 'it')).toBe(value)
    for (const value of ['1000', null, 5n]) {
      expect(() => milliseconds(anything(value), 1, 'the timeout')).toThrow(TypeError)
    }
    for (const value of [0, 0.999, -1, 2 ** 31, Infinity, NaN]) {
      expect(() => milliseconds(anything(value), 1, 'the timeout')).toThrow(RangeError)
    }
  })

  it('must be options that exist', () => {
    interface Options {
      port?: number
      host?: string
    }
    const known = { port: true, host: true } as const
    const check = (given: unknown) =>
      knownOptions<Options>(anything(given), known, 'the options of connect()')
    expect(check({ port: 1 })).toEqual({ port: 1 })
    expect(check({})).toEqual({})
    expect(() => check({ prot: 1 })).toThrow(
      new TypeError('the options of connect(): there is no "prot"; valid: port, host'),
    )
    expect(() => check({ toString: 1 })).toThrow('there is no "toString"')
    for (const value of [null, 'a', 5, ['a'], () => 1]) expect(() => check(value)).toThrow(TypeError)
  })

  it.each([
    ['7373', '"7373"'],
    [7373, '7373'],
    [5n, '5n'],
    [undefined, 'undefined'],
    [null, 'null'],
    [['a'], 'an array'],
    [{ key: 'secret' }, 'an object'],
    [() => 1, 'a function'],
    ['a\n', '"a\\n"'],
    ['x'.repeat(500), `"${'x'.repeat(100)}…"`],
  ])('are shown with quotes if they are strings: %#', (value, text) => {
    expect(shown(value)).toBe(text)
  })
})
