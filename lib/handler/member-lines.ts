import { handlerError } from './handler-error'
import type { ScriptMember } from './script-event'
import { parseTagList } from './tag-list'

/**
 * Parses the stdin of a member event: a line for each member, `name TAB addr TAB role TAB tags`. Further
 * fields, which a later agent may append, are only in `raw`.
 * Source: serf cmd/serf/command/agent/invoke.go `memberEventStdin`, `eventClean`.
 * @throws HandlerError `INVALID_MEMBER` for a line with fewer fields.
 */
export function parseMemberLines(text: string): ScriptMember[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map(parseLine)
}

function parseLine(raw: string, index: number): ScriptMember {
  const [name, addr, role, tags] = raw.split('\t').map(restore)
  if (name === undefined || addr === undefined || role === undefined || tags === undefined) {
    throw handlerError(
      'INVALID_MEMBER',
      `stdin, line ${index + 1}: a member is "name TAB addr TAB role TAB tags", ` +
        `but this line is ${JSON.stringify(raw.slice(0, 200))}`,
    )
  }
  return { name, addr, role, tags: parseTagList(tags, role), raw }
}

/** The agent writes a tab as `\t` and a newline as `\n`, and does not change backslashes. */
function restore(field: string): string {
  return field.replaceAll('\\t', '\t').replaceAll('\\n', '\n')
}
