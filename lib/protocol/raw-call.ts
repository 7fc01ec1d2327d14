import { nonEmpty } from '../arguments'
import type { Call } from './call'
import { decode, toWire } from './codec'
import { commandOf, isCommandName } from './commands'
import type { Frame } from './frame'
import { queryEndsAfter } from './query-call'
import type { Reader } from './reader'
import type { WireValue } from './writer'

/**
 * A call of any command with any body. The table of commands says whether a known command takes a body and
 * how its reply ends. The reply to an unknown command is taken to be a single header.
 */
export function rawCall(command: string, body?: unknown): Call<Frame> {
  nonEmpty(command, 'a command')
  const traits = commandOf(command)
  if (isCommandName(command) && !traits.takesBody && body !== undefined) {
    throw new TypeError(`${command} takes no body: the agent would read it as another request`)
  }
  const wire = body === undefined ? undefined : toWire(body, 'the body')
  const endsWithDone = traits.reply === 'records' && !traits.endless
  return {
    command,
    traits,
    // The agent would read the next request as a missing body, so a command that takes a body always gets
    // one.
    body: isCommandName(command) && traits.takesBody ? (wire ?? {}) : wire,
    readCanonical: undefined,
    read: readAnything,
    emit: (seq, value) => ({ header: { seq, error: '' }, ...(value === undefined ? {} : { body: value }) }),
    list: undefined,
    endsAfter: endsWithDone ? queryEndsAfter(timeoutOf(wire)) : undefined,
    risky: traits.ownConnection === 'risky',
    emitsBareReply: true,
    isLast: endsWithDone ? isDone : undefined,
  }
}

function readAnything(reader: Reader): unknown {
  const value = decode(reader.bytes.subarray(reader.at, reader.end))
  reader.at = reader.end
  return value
}

/** The timeout of a query with this body, in ms; 0 means that the agent chooses. */
function timeoutOf(body: WireValue | undefined): number {
  return typeof body === 'object' && body !== null && 'Timeout' in body ? Number(body.Timeout) / 1e6 : 0
}

function isDone(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'Type' in record && record.Type === 'done'
}
