/**
 * Parses the tags of a member line: `name=value,name=value` in any order, without quotes. A comma ends a
 * value only if something like `name=` follows, so that values may contain `,` and `=`. A value such as
 * `1,b=2` cannot be recognised. The role has a field of its own, so it is taken out whole, whatever it
 * contains.
 * Source: serf cmd/serf/command/agent/invoke.go `memberEventStdin`.
 */
export function parseTagList(list: string, role: string): Record<string, string> {
  const [before, found, after] = splitAtRole(list, role)
  // `fromEntries` makes a property of every name, even `__proto__`.
  return Object.fromEntries([...pairs(before), ...(found ? [['role', role] as const] : []), ...pairs(after)])
}

function splitAtRole(list: string, role: string): [before: string, found: boolean, after: string] {
  const start = role === '' ? -1 : `,${list},`.indexOf(`,role=${role},`)
  if (start === -1) return [list, false, '']
  return [list.slice(0, Math.max(start - 1, 0)), true, list.slice(start + `role=${role},`.length)]
}

function pairs(list: string): [name: string, value: string][] {
  if (list === '') return []
  return list.split(/,(?=[^\s,=]+=)/).map((pair) => {
    const end = pair.indexOf('=')
    return end === -1 ? [pair, ''] : [pair.slice(0, end), pair.slice(end + 1)]
  })
}
