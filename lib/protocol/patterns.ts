/**
 * Patterns of `members-filtered` are RE2, which only the agent can check: it anchors them as `^E$` and hangs up on a bad one.
 */

/** Matched whole: the agent forgets the group that an alternation needs, so `p|2` would match `p2` too. */
export function wholePattern(pattern: string): string {
  return pattern.includes('|') ? isolated(pattern, (group) => group) : pattern
}

/** Matched anywhere, as a query matches its filters. */
export function anywherePattern(pattern: string): string {
  return isolated(pattern, (group) => `(?s:.*)${group}(?s:.*)`)
}

/** Whether an agent may find fault with it. Text without any of these is taken by every RE2. */
export function mayBeBad(pattern: string): boolean {
  return /[\\[\](){}*+?]/.test(pattern)
}

/** A pattern that closes a group that it did not open goes as it is, to be refused: in a group of ours it would pass. */
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
