/** Names that are easily mangled on the way to an agent and back. */
export const oddNames: readonly string[] = [
  'with  blanks, commas',
  ', ,',
  'ünï ☃ 日本語 🐝',
  'tab\tand\nnewline',
  '"quoted" \\ (regex?) [.*]',
  'user:deploy',
  '__proto__',
  '*',
  'x'.repeat(300),
]
