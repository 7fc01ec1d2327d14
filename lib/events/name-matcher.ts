/** Which names an operator lets through: exactly this one, those a pattern finds, or those a function says yes to. */
export type NameMatcher = string | RegExp | ((name: string) => boolean)

/** Makes a function of a matcher; without one, every name matches. */
export function nameMatcher(operator: string, matcher?: NameMatcher): (name: string) => boolean {
  if (matcher === undefined) return () => true
  if (typeof matcher === 'string') return (name) => name === matcher
  // `search` looks from the start whatever `lastIndex` says and puts it back: /g and /y remember nothing between events.
  if (matcher instanceof RegExp) return (name) => name.search(matcher) !== -1
  if (typeof matcher === 'function') return matcher
  throw new TypeError(
    `${operator}: a name is a string, a RegExp or a function of the name, not ${typeof matcher}`,
  )
}
