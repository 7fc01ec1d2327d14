/**
 * Patterns of `members-filtered` are RE2, which only the agent can check: it anchors them as `^E$` and hangs
 * up on a bad one.
 */

/**
 * A pattern that must match the whole text. The agent does not group it, so without a group `p|2` would also
 * match `p2`.
 */
export function wholePattern(pattern: string): string {
  return pattern.includes('|') ? isolated(pattern, (group) => group) : pattern
}

/** A pattern that may match anywhere in the text, as in the filters of a query. */
export function anywherePattern(pattern: string): string {
  return isolated(pattern, (group) => `(?s:.*)${group}(?s:.*)`)
}

/** Whether an agent may refuse it. A text without these characters is a valid pattern. */
export function mayBeBad(pattern: string): boolean {
  return /[\\[\](){}*+?]/.test(pattern)
}

/**
 * A pattern that closes a group which it has not opened stays as it is, so that the agent refuses it: in our
 * group it would be valid.
 */
function isolated(pattern: string, around: (group: string) => string): string {
  return closesMoreThanItOpens(pattern) ? pattern : around(`(?:${pattern})`)
}

function closesMoreThanItOpens(pattern: string): boolean {
  let open = 0
  const withoutLiterals = pattern.replace(/\\Q.*?(\\E|$)|\\.|\[\^?\]?(\\.|\[:\^?\w+:\]|[^\]\\])*\]/gs, '')
  for (const character of withoutLiterals) {
    if (character === '(') open++
    else if (character === ')' && --open < 0) return true
  }
  return false
}
