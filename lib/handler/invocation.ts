import { defer } from 'rxjs'
import { shown } from '../arguments'
import type { Payload } from '../payload'
import { eventLtime, eventName, eventType, scriptContext } from './environment'
import { parseMemberLines } from './member-lines'
import type { ScriptEvent, ScriptQueryEvent, ScriptUserEvent } from './script-event'

/** What a script was started with, and how it answers. */
export interface Invocation {
  env: NodeJS.ProcessEnv
  stdin: () => Promise<Buffer>
  answer: (payload: Payload) => Promise<void>
}

/** Makes an event of the variables and stdin. It checks the variables before it waits for stdin. */
export async function readInvocation(invocation: Invocation): Promise<ScriptEvent> {
  const { env, stdin } = invocation
  const type = eventType(env)
  if (type === 'user') return userEvent(invocation)
  if (type === 'query') return queryEvent(invocation)
  const context = scriptContext(env)
  const lines = await stdin()
  return { type, members: parseMemberLines(lines.toString()), ...context }
}

async function userEvent({ env, stdin }: Invocation): Promise<ScriptUserEvent> {
  const name = eventName(env, 'SERF_USER_EVENT')
  const ltime = eventLtime(env, 'SERF_USER_LTIME')
  const payload = withoutNewline(await stdin())
  return {
    type: 'user',
    name,
    ltime,
    payload,
    get text() {
      return payload.toString()
    },
    ...scriptContext(env),
  }
}

async function queryEvent({ env, stdin, answer }: Invocation): Promise<ScriptQueryEvent> {
  const name = eventName(env, 'SERF_QUERY_NAME')
  const ltime = eventLtime(env, 'SERF_QUERY_LTIME')
  const payload = withoutNewline(await stdin())
  return {
    type: 'query',
    name,
    ltime,
    payload,
    get text() {
      return payload.toString()
    },
    ...scriptContext(env),
    respond(response: Payload = '') {
      if (typeof response !== 'string' && !(response instanceof Uint8Array))
        throw new TypeError(`respond: an answer is a string or a Uint8Array, not ${shown(response)}`)
      return defer(() => answer(response))
    },
  }
}

const NEWLINE = 0x0a

/**
 * The agent appends a newline to a payload that does not end in one. So a single newline may be the agent's
 * and is removed. Of two the agent has written neither.
 */
function withoutNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE && bytes.at(-2) !== NEWLINE ? bytes.subarray(0, -1) : bytes
}
