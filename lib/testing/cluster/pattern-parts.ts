/** The parts of a pattern that JavaScript and RE2 write differently. */

/** The translation of a part, and how many characters of the pattern it took. */
export interface Part {
  pattern: string
  length: number
}

const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  a: '\\x07',
  s: '[\\t\\n\\f\\r ]',
  S: '[^\\t\\n\\f\\r ]',
}
/** Those that mean the same in both. */
const SAME = 'bBdDfnrtvwW'
const SPACES = '\\t\\n\\f\\r '

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

/** `\Q...\E`: literal text, up to the end of the pattern if nothing ends it. */
export function quoted(rest: string): Part | undefined {
  if (!rest.startsWith('\\Q')) return undefined
  const end = rest.indexOf('\\E', 2)
  const text = end < 0 ? rest.slice(2) : rest.slice(2, end)
  return { pattern: literal(text), length: end < 0 ? rest.length : end + 2 }
}

/** What begins with a backslash, outside a class. */
export function escapePattern(rest: string): Part {
  const property = propertyPattern(rest)
  if (property) return property
  const code = codePoint(rest)
  if (code) return { pattern: literal(code.character), length: code.length }
  const letter = rest.charAt(1)
  const known = ESCAPES[letter] ?? (letter !== '' && SAME.includes(letter) ? `\\${letter}` : undefined)
  if (known !== undefined) return { pattern: known, length: 2 }
  return { pattern: literal(punctuation(letter)), length: 2 }
}

/** `[...]`, from its opening bracket on. */
export function classPattern(rest: string, folded: boolean): Part {
  let at = 1
  let inside = ''
  const negated = rest.charAt(at) === '^'
  if (negated) at++
  for (let first = true; first || rest.charAt(at) !== ']'; first = false) {
    if (at >= rest.length) throw new SyntaxError('a class without an end')
    const set = classSet(rest.slice(at))
    if (set) {
      inside += set.pattern
      at += set.length
      continue
    }
    const from = classCharacter(rest.slice(at))
    at += from.length
    let to = from
    if (rest.charAt(at) === '-' && rest.charAt(at + 1) !== ']') {
      to = classCharacter(rest.slice(at + 1))
      at += 1 + to.length
    }
    inside += range(from.character, to.character, folded)
  }
  return { pattern: `[${negated ? '^' : ''}${inside}]`, length: at + 1 }
}

/** A letter in either case; any other character unchanged. */
export function foldedLetter(character: string): string {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()]
  const isLetter = lower !== upper && lower.length === character.length && upper.length === character.length
  return isLetter ? `[${lower}${upper}]` : character
}

/** Sets within a class: `[:alpha:]`, `\d`, `\p{Greek}`. */
function classSet(rest: string): Part | undefined {
  const posix = /^\[:(\^?)(\w+):\]/.exec(rest)
  if (posix) {
    const [whole, negated, name = ''] = posix
    const set = POSIX[name]
    // A negated set within a class has no short form in JavaScript, and is too rare to be worth a long one.
    if (set === undefined || negated !== '') throw new SyntaxError(`the class ${whole} is not supported`)
    return { pattern: set, length: whole.length }
  }
  if (rest.startsWith('\\s')) return { pattern: SPACES, length: 2 }
  if (/^\\[dDwWS]/.test(rest)) return { pattern: rest.slice(0, 2), length: 2 }
  return propertyPattern(rest)
}

function classCharacter(rest: string): { character: string; length: number } {
  const code = codePoint(rest)
  if (code) return code
  if (rest.startsWith('\\')) {
    const letter = rest.charAt(1)
    const control = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[letter]
    return { character: control ?? punctuation(letter), length: 2 }
  }
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  return { character, length: character.length }
}

function range(from: string, to: string, folded: boolean): string {
  const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]
  if (first > last) throw new SyntaxError('a range that runs backwards')
  let result = `${codeText(first)}-${codeText(last)}`
  if (!folded) return result
  for (let code = Math.max(first, 0x41); code <= Math.min(last, 0x7a); code++) {
    if (/[A-Za-z]/.test(String.fromCharCode(code))) result += codeText(code ^ 0x20)
  }
  return result
}

/** `\pL`, `\p{Greek}`, `\P{^Lu}`. */
function propertyPattern(rest: string): Part | undefined {
  const found = /^\\([pP])(?:(\w)|\{(\^?)(\w+)\})/.exec(rest)
  if (!found) return undefined
  const [whole, letter, short, caret = '', long] = found
  const negated = (letter === 'P') !== (caret === '^')
  const name = short ?? long ?? ''
  return {
    pattern: `\\${negated ? 'P' : 'p'}{${name.length > 2 ? `Script=${name}` : name}}`,
    length: whole.length,
  }
}

/** `\x41`, `\x{1F600}`, `\012`. */
function codePoint(rest: string): { character: string; length: number } | undefined {
  const found = /^\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\}|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/.exec(rest)
  if (!found) return undefined
  const [whole, two, braces, octal] = found
  const code = octal === undefined ? Number.parseInt(two ?? braces ?? '', 16) : Number.parseInt(octal, 8)
  return { character: String.fromCodePoint(code), length: whole.length }
}

function punctuation(character: string): string {
  // Includes \1: RE2 has no back references.
  if (character === '' || /[0-9A-Za-z]/.test(character))
    throw new SyntaxError('an escape that RE2 does not know')
  return character
}

function literal(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&')
}

function codeText(code: number): string {
  return `\\u{${code.toString(16)}}`
}
