/**
 * The 20 commands of the RPC. A row says everything about a command that the code decides by: nothing else looks at names.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, and seen on an agent of that version.
 */
import { AUTH_REQUIRED, HANDSHAKE_REQUIRED } from './limits'

/**
 * What follows the header of a reply: `nothing`; a `body`, unless the header has an error; a `body-even-with-error`; any number of
 * `records`, each with a header of its own.
 */
export type ReplyShape = 'nothing' | 'body' | 'body-even-with-error' | 'records'

/** A command as the wire names it. */
export type CommandName =
  | 'handshake'
  | 'auth'
  | 'event'
  | 'force-leave'
  | 'join'
  | 'members'
  | 'members-filtered'
  | 'stream'
  | 'monitor'
  | 'stop'
  | 'leave'
  | 'install-key'
  | 'use-key'
  | 'remove-key'
  | 'list-keys'
  | 'tags'
  | 'query'
  | 'respond'
  | 'stats'
  | 'get-coordinate'

export interface Command {
  /** Whether the agent reads a body. It takes the next request for a missing body, and a surplus body for a request. */
  readonly takesBody: boolean
  readonly reply: ReplyShape
  /** Whether its records go on until `stop`. */
  readonly endless: boolean
  /**
   * What a client does with it after the connection was lost while it was in flight. `again`: it only reads, so it is sent again.
   * `resubscribe`: it is set up again, and its subscriber notices nothing. `never`: it may have been carried out, so it errors.
   */
  readonly afterLoss: 'again' | 'resubscribe' | 'never'
  /**
   * Whether a client sends it over a connection of its own, because it would hold up or break the other commands of a shared one.
   * `risky`: only where the agent may hang up over it.
   */
  readonly ownConnection: 'always' | 'risky' | 'never'
  /** Whether the agent replies on its own, or only after other nodes have answered, which has a longer time limit. */
  readonly limit: 'agent' | 'others'
}

/** A command with a body that the agent carries out on its own and that is never sent again. */
const DEFAULTS = {
  takesBody: true,
  reply: 'nothing',
  endless: false,
  afterLoss: 'never',
  ownConnection: 'never',
  limit: 'agent',
} as const satisfies Command

const command = (differences: Partial<Command> = {}): Command => ({ ...DEFAULTS, ...differences })

const KEY_COMMAND = {
  reply: 'body-even-with-error',
  ownConnection: 'always',
  limit: 'others',
} as const satisfies Partial<Command>

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  handshake: command(),
  auth: command(),
  event: command(),
  // To prune a member that is alive takes an agent 6 s, in which it answers nobody.
  'force-leave': command({ ownConnection: 'always', limit: 'others' }),
  join: command({ reply: 'body-even-with-error', ownConnection: 'always', limit: 'others' }),
  members: command({ takesBody: false, reply: 'body', afterLoss: 'again' }),
  'members-filtered': command({ reply: 'body', afterLoss: 'again', ownConnection: 'risky' }),
  stream: command({ reply: 'records', endless: true, afterLoss: 'resubscribe' }),
  // An agent serves one monitor per connection.
  monitor: command({ reply: 'records', endless: true, afterLoss: 'resubscribe', ownConnection: 'always' }),
  stop: command(),
  leave: command({ takesBody: false, ownConnection: 'always', limit: 'others' }),
  'install-key': command(KEY_COMMAND),
  'use-key': command(KEY_COMMAND),
  'remove-key': command(KEY_COMMAND),
  'list-keys': command({ ...KEY_COMMAND, takesBody: false, afterLoss: 'again' }),
  tags: command(),
  query: command({ reply: 'records' }),
  respond: command(),
  stats: command({ takesBody: false, reply: 'body', afterLoss: 'again' }),
  'get-coordinate': command({ reply: 'body', afterLoss: 'again' }),
}

/** What is known of a command by its name on the wire. An unknown one is taken to be answered by a header alone. */
export function commandOf(name: string): Command {
  return isCommandName(name) ? COMMANDS[name] : UNKNOWN
}

const UNKNOWN = command()

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

/** Whether a body comes after the header of a one-time reply. */
export function bodyFollows(reply: ReplyShape, error: string): boolean {
  if (error === '') return reply === 'body' || reply === 'body-even-with-error'
  return reply === 'body-even-with-error' && error !== AUTH_REQUIRED && error !== HANDSHAKE_REQUIRED
}
