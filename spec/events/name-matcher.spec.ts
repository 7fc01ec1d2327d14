import { nameMatcher } from '../../lib/events/name-matcher'

describe('nameMatcher', () => {
  it('takes any name without a matcher', () => {
    const matches = nameMatcher('ofQuery')
    expect([matches(''), matches('upcase')]).toEqual([true, true])
  })

  it('compares a string whole, the empty one too', () => {
    expect(['up', 'upcase', ''].map(nameMatcher('ofQuery', 'up'))).toEqual([true, false, false])
    expect(['up', ''].map(nameMatcher('ofQuery', ''))).toEqual([false, true])
  })

  it.each([/up/, /up/g, /up/y, /up/gy, /UP/gi])('finds the same each time with %s', (pattern) => {
    const matches = nameMatcher('ofQuery', pattern)
    expect(['upcase', 'upcase', 'other', 'upcase', 'upcase'].map(matches)).toEqual([
      true,
      true,
      false,
      true,
      true,
    ])
  })

  it('neither heeds nor moves the place where a pattern of the user has stopped', () => {
    const pattern = /up/g
    pattern.lastIndex = 3
    expect(nameMatcher('ofQuery', pattern)('upcase')).toBe(true)
    expect(pattern.lastIndex).toBe(3)
  })

  it('matches only at the start with the flag y', () => {
    expect(nameMatcher('ofQuery', /case/y)('upcase')).toBe(false)
    expect(nameMatcher('ofQuery', /case/)('upcase')).toBe(true)
  })
})
