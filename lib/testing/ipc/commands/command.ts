import type { Cursor } from '../../wire/cursor'
import type { Uint64 } from '../../wire/requests'
import { type Fields, readStruct, zeroOf } from '../../wire/struct'
import type { Client } from '../client'
import type { Reply } from '../reply'

/** One request: its client, its seq and its reply. */
export interface Asked {
  client: Client
  seq: Uint64
  reply: Reply
}

/** A command of the protocol. While its promise is pending, the next request on the connection waits. */
export interface Command {
  /** Reads the body; `undefined` for a command without one. */
  readBody: ((cursor: Cursor) => unknown) | undefined
  run: (asked: Asked, body: unknown) => void | Promise<void>
  /** The body of a failed reply. */
  failedBody?: Buffer
}

/** The agent hangs up without a reply. */
export class HangUp extends Error {
  override readonly name = 'HangUp'
}

export function command<B extends object>(
  fields: Fields<B>,
  run: (asked: Asked, body: B) => void | Promise<void>,
): Command {
  return {
    readBody: (cursor) => readStruct(fields, cursor, zeroOf(fields)),
    // The body is what `readBody` made.
    run: (asked, body) => run(asked, body as B),
  }
}

export function bodiless(run: (asked: Asked) => void | Promise<void>): Command {
  return { readBody: undefined, run }
}

/** A command that reads or changes the members: it is not carried out while one is being pruned. */
export function waitsForPruning(command: Command): Command {
  const run: Command['run'] = (asked, body) => {
    const { pruning } = asked.client.serf.removal
    return pruning ? pruning.then(() => command.run(asked, body)) : command.run(asked, body)
  }
  return { ...command, run }
}
