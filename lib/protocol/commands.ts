/**
 * The 20 commands of the RPC. Code that treats commands differently reads their rows here and never looks at
 * their names.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, and seen on an agent of that version.
 */
import { AUTH_REQUIRED, HANDSHAKE_REQUIRED } from './limits'

/**
 * What follows the header of a reply: `nothing`; a `body`, unless the header has an error; a
 * `body-even-with-error`; or any number of `records`, each with a header of its own.
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
  /**
   * Whether the agent reads a body. It would read the next request as a missing body, and a surplus body as a
   * request.
   */
  readonly takesBody: boolean
  readonly reply: ReplyShape
  /** Whether records keep coming until `stop`. */
  readonly endless: boolean
  /**
   * What a client does when the connection is lost while the command is in flight. `again`: it only reads, so
   * it is sent again. `resubscribe`: it is set up again, and its subscriber notices nothing. `never`: it may
   * have been carried out, so it errors.
   */
  readonly afterLoss: 'again' | 'resubscribe' | 'never'
  /**
   * Whether a client sends it over a connection of its own, because it could delay or break the other
   * commands on a shared one. `risky`: only if the agent may hang up because of it.
   */
  readonly ownConnection: 'always' | 'risky' | 'never'
  /** Whether the agent replies on its own, or waits for other nodes, which has a longer time limit. */
  readonly limit: 'agent' | 'others'
  /** Whether the agent exits after its reply, so that the end of the connection is no loss. */
  readonly endsAgent: boolean
}

/** A command with a body that the agent carries out on its own, and that is never sent again. */
const DEFAULTS = {
  takesBody: true,
  reply: 'nothing',
  endless: false,
  afterLoss: 'never',
  ownConnection: 'never',
  limit: 'agent',
  endsAgent: false,
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
  // An agent takes 6 s to prune an alive member. During that time it answers nobody.
  'force-leave': command({ ownConnection: 'always', limit: 'others' }),
  join: command({ reply: 'body-even-with-error', ownConnection: 'always', limit: 'others' }),
  members: command({ takesBody: false, reply: 'body', afterLoss: 'again' }),
  'members-filtered': command({ reply: 'body', afterLoss: 'again', ownConnection: 'risky' }),
  stream: command({ reply: 'records', endless: true, afterLoss: 'resubscribe' }),
  // An agent serves one monitor per connection.
  monitor: command({ reply: 'records', endless: true, afterLoss: 'resubscribe', ownConnection: 'always' }),
  stop: command(),
  leave: command({ takesBody: false, ownConnection: 'always', limit: 'others', endsAgent: true }),
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

/**
 * The row of a command by its name on the wire. The reply to an unknown command is taken to be a single
 * header.
 */
export function commandOf(name: string): Command {
  return isCommandName(name) ? COMMANDS[name] : UNKNOWN
}

const UNKNOWN = command()

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

/** Whether a body comes after the header of a single reply. */
export function bodyFollows(reply: ReplyShape, error: string): boolean {
  if (error === '') return reply === 'body' || reply === 'body-even-with-error'
  return reply === 'body-even-with-error' && error !== AUTH_REQUIRED && error !== HANDSHAKE_REQUIRED
}
