/**
 * The 20 commands of the RPC: what each takes and what its reply looks like. Nothing else decides whether a body follows.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, and seen on the same.
 */
import { AUTH_REQUIRED, HANDSHAKE_REQUIRED } from './limits'

/** What follows the header of a reply: nothing; a body unless it is an error; a body in any case; any number of records, each with a header. */
export type ReplyShape = 'nothing' | 'body' | 'body-even-with-error' | 'records'

export interface Command {
  reply: ReplyShape
  /** Whether the agent reads a body: without one it takes the next request for it, and one too many for a request. */
  takesBody: boolean
  /** Whether the agent asks other nodes before it replies, which takes its time and holds up what comes after. */
  asksOthers: boolean
}

const own = (takesBody: boolean, reply: ReplyShape): Command => ({ takesBody, reply, asksOthers: false })
const others = (takesBody: boolean, reply: ReplyShape): Command => ({ takesBody, reply, asksOthers: true })

export const COMMANDS = {
  handshake: own(true, 'nothing'),
  auth: own(true, 'nothing'),
  event: own(true, 'nothing'),
  'force-leave': own(true, 'nothing'),
  join: others(true, 'body-even-with-error'),
  members: own(false, 'body'),
  'members-filtered': own(true, 'body'),
  stream: own(true, 'records'),
  monitor: own(true, 'records'),
  stop: own(true, 'nothing'),
  leave: others(false, 'nothing'),
  'install-key': others(true, 'body-even-with-error'),
  'use-key': others(true, 'body-even-with-error'),
  'remove-key': others(true, 'body-even-with-error'),
  'list-keys': others(false, 'body-even-with-error'),
  tags: own(true, 'nothing'),
  query: own(true, 'records'),
  respond: own(true, 'nothing'),
  stats: own(false, 'body'),
  'get-coordinate': own(true, 'body'),
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof COMMANDS

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

/** Whether a body comes after the header of a one-time reply. */
export function bodyFollows(reply: ReplyShape, error: string): boolean {
  if (error === '') return reply === 'body' || reply === 'body-even-with-error'
  return reply === 'body-even-with-error' && error !== AUTH_REQUIRED && error !== HANDSHAKE_REQUIRED
}
