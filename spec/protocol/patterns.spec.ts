import { anywherePattern, mayBeBad, wholePattern } from '../../lib/protocol/patterns'

/**
 * The agent puts `^` and `$` around what it is given. Where RE2 and JavaScript agree, the one can stand for
 * the other.
 */
const agentMatches = (pattern: string, value: string) => new RegExp(`^${pattern}$`, 's').test(value)

describe('a pattern of members-filtered', () => {
  it.each([
    ['p|2', 'p', true],
    ['p|2', '2', true],
    ['p|2', 'p2', false],
    ['p|2', 'xp', false],
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web-[0-9]|db', 'web-3', true],
    ['(a|b)c', 'bc', true],
    ['a||b', '', true],
    ['|', '', true],
    ['|', 'x', false],
  ])('%s is matched whole: %s %s', (pattern, value, expected) => {
    expect(agentMatches(wholePattern(pattern), value)).toBe(expected)
  })

  it.each(['web', '', 'a.*b', '(a)', '[|'])('%s goes as it is where that is enough', (pattern) => {
    expect(wholePattern(pattern)).toContain(pattern)
  })

  it.each(['a)|(b', 'a|b)', ')|(', 'x)|(?:y'])('%s stays as bad as it is', (pattern) => {
    // In a group of ours it would become a good one.
    expect(() => new RegExp(wholePattern(pattern))).toThrow(SyntaxError)
  })

  it.each(['a\\)|b', '[)]|b', '[^)]|b', '[])]|b', '\\Q)\\E|b', '[\\])]|b', '[[:alpha:])]|b'])(
    '%s is good, so that its alternatives are kept together',
    (pattern) => {
      expect(wholePattern(pattern)).toBe(`(?:${pattern})`)
    },
  )

  it.each([
    ['e', 'web', true],
    ['^e', 'web', false],
    ['b$', 'web', true],
    ['x|w', 'web', true],
    ['x|y', 'web', false],
    ['', 'web', true],
    ['a.b', 'a\nb', true],
  ])('%s is matched anywhere, as a query does: %s %s', (pattern, value, expected) => {
    expect(agentMatches(anywherePattern(pattern).replaceAll('(?s:', '(?:'), value)).toBe(expected)
  })

  it('may be bad only if it has special characters', () => {
    for (const pattern of ['(', ')', '[', 'a{2', '*', '+', '?', '\\', '(?=x)', ']'])
      expect(mayBeBad(pattern)).toBe(true)
    for (const pattern of ['', 'alive', 'node-1', 'a|b', '^a$', 'a.b', 'ü', 'a b,c', '10%'])
      expect(mayBeBad(pattern)).toBe(false)
  })
})
