import { compilePattern } from '../../lib/testing/cluster/pattern'

describe('patterns of RE2, for a TestAgent', () => {
  it.each([
    ['e', 'web', true],
    ['^web$', 'web', true],
    ['^p|2$', 'p2x', true],
    ['^(?:p|2)$', 'p2', false],
    ['^(?s:.*)(?:b)(?s:.*)$', 'a\nb\nc', true],
    ['^a.c$', 'a\nc', false],
    ['(?s)^a.c$', 'a\nc', true],
    ['(?i)WEB', 'web', true],
    ['(?i)[a-c]+$', 'xABC', true],
    ['a(?i)b(?-i)c', 'aBc', true],
    ['a(?i)b(?-i)c', 'aBC', false],
    ['(?i:a)b', 'Ab', true],
    ['(?i:a)b', 'AB', false],
    ['(?m)^b$', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['\\Aweb\\z', 'web', true],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['\\Qa.b', 'axb', false],
    ['[[:alpha:]]+[[:digit:]]', 'web1', true],
    ['^[\\d.]+$', '10.0.0.1', true],
    ['^[^]a]$', 'b', true],
    ['[a\\]-]', '-', true],
    ['\\pL', 'ü', true],
    ['\\p{Greek}', 'λ', true],
    ['\\P{^Lu}', 'A', true],
    ['\\x41\\x{1F980}', 'A🦀', true],
    ['a{2}', 'aa', true],
    ['a{,2}', 'a{,2}', true],
    ['{}', '{}', true],
    ['(?P<name>a)\\.', 'a.', true],
    ['a/b\\-c\\_', 'a/b-c_', true],
    ['\\s', '\u00a0', false],
    ['', 'anything', true],
  ])('%j on %j: %j', (pattern, text, expected) => {
    expect(compilePattern(pattern)?.(text)).toBe(expected)
  })

  it.each([
    '(',
    ')',
    '[',
    'a**',
    '*',
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '\\1',
    '\\y',
    'a{1001}',
    '[b-a]',
    '(?z)',
    'x\\',
  ])('refuses %j', (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined()
  })
})
