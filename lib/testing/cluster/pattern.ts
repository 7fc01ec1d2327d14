/**
 * Translates Serf's patterns (RE2) to those of JavaScript, and refuses what RE2 refuses, such as lookarounds
 * and back references. JavaScript's engine backtracks, so some patterns that are fast in RE2 are very slow
 * here.
 */
import { classPattern, escapePattern, foldedLetter, quoted } from './pattern-parts'

/** Whether a pattern matches a text. */
export type Matches = (text: string) => boolean

/** Compiles a pattern that matches anywhere in a text; `undefined` for what is no pattern. */
export function compilePattern(pattern: string): Matches | undefined {
  try {
    const expression = new RegExp(translate(pattern), 'u')
    return (text) => expression.test(text)
  } catch {
    return undefined
  }
}

interface Flags {
  /** Case is ignored. */
  i: boolean
  /** `^` and `$` match at lines. */
  m: boolean
  /** `.` matches a line feed. */
  s: boolean
}

const NO_FLAGS: Flags = { i: false, m: false, s: false }
/** `(?i)`, `(?i:`, `(?-s:`, `(?P<name>`, `(?<name>`, `(?:`. */
const GROUP = /^\(\?(?:P?<(\w+)>|([imsU]*)(?:-([imsU]+))?([:)]))/

function translate(pattern: string): string {
  const outer: Flags[] = []
  let flags = NO_FLAGS
  let result = ''
  let rest = pattern
  const advance = (length: number) => (rest = rest.slice(length))

  while (rest !== '') {
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    if (character === '\\') {
      const literal = quoted(rest)
      const part = literal ?? escapePattern(rest)
      result += part.pattern
      advance(part.length)
    } else if (character === '[') {
      const part = classPattern(rest, flags.i)
      result += part.pattern
      advance(part.length)
    } else if (character === '(') {
      const group = rest.startsWith('(?') ? GROUP.exec(rest) : undefined
      if (group === null) throw new SyntaxError('a group that RE2 does not know')
      const [whole = '(', name, on = '', off = '', end] = group ?? []
      const changed = { ...flags }
      for (const flag of on) if (flag in changed) changed[flag as keyof Flags] = true
      for (const flag of off) if (flag in changed) changed[flag as keyof Flags] = false
      if (end !== ')') {
        outer.push(flags)
        result += group === undefined || name !== undefined ? '(' : '(?:'
      }
      flags = changed
      advance(whole.length)
    } else if (character === ')') {
      flags = outer.pop() ?? NO_FLAGS
      result += ')'
      advance(1)
    } else {
      const count = COUNT.exec(rest)?.[0]
      result += count === undefined ? plain(character, flags) : checkedCount(count)
      advance(count?.length ?? character.length)
    }
  }
  return result
}

/** `{3}`, `{3,}`, `{3,5}`. Any other brace is a literal. */
const COUNT = /^\{\d+(?:,\d*)?\}/
const MOST_REPEATS = 1000

function checkedCount(count: string): string {
  if (count.match(/\d+/g)?.some((number) => Number(number) > MOST_REPEATS)) {
    throw new SyntaxError('RE2 repeats a thousand times at most')
  }
  return count
}

/** A character that neither opens nor closes something. */
function plain(character: string, flags: Flags): string {
  switch (character) {
    case '.':
      return flags.s ? '[^]' : '[^\\n]'
    case '^':
      return flags.m ? '(?:^|(?<=\\n))' : '^'
    case '$':
      return flags.m ? '(?:$|(?=\\n))' : '$'
    case '{':
    case '}':
    case ']':
    case '/':
      return `\\${character}`
    default:
      return flags.i ? foldedLetter(character) : character
  }
}
