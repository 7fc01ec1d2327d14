/**
 * Selects names: one exact name, those that a pattern matches somewhere, or those for which a function
 * returns true.
 */
export type NameMatcher = string | RegExp | ((name: string) => boolean)

/** Makes a function of a matcher. Without a matcher, every name matches. */
export function nameMatcher(operator: string, matcher?: NameMatcher): (name: string) => boolean {
  if (matcher === undefined) return () => true
  if (typeof matcher === 'string') return (name) => name === matcher
  // `search` ignores and restores `lastIndex`, so that /g and /y remember nothing between events.
  if (matcher instanceof RegExp) return (name) => name.search(matcher) !== -1
  if (typeof matcher === 'function') return matcher
  throw new TypeError(
    `${operator}: a name is a string, a RegExp or a function of the name, not ${typeof matcher}`,
  )
}
