import { type Command, type CommandName, COMMANDS } from './commands'
import type { ListReader } from './frame'
import type { Reader } from './reader'
import type { Responder } from './records/event-records'
import type { DONE, NOISE } from './records/sentinels'
import type { WireValue } from './writer'

/**
 * Reads a body or a record: a value, or a sentinel. `responder` sends the answers to the queries that it
 * contains.
 */
export type Read<T> = (reader: Reader, responder: Responder) => T | typeof DONE | typeof NOISE

/**
 * One call of a command: the checked arguments in Serf's terms, and how to read the reply. Connection and
 * Client carry out calls without knowing what is in them.
 */
export interface Call<T> {
  readonly command: string
  /** The command's row of the table. */
  readonly traits: Command
  readonly body: WireValue | undefined
  /**
   * Reads a whole body or record in the canonical encoding. Anything else is `undefined` or a fault, and
   * `read` reads it.
   */
  readonly readCanonical: ((reader: Reader) => T | undefined) | undefined
  /** Reads a body or record in any encoding. */
  read(reader: Reader, responder: Responder): unknown
  /** Makes the value for the subscriber from what was read; `body` is `undefined` when no body came. */
  emit(seq: number, body: unknown): T
  /** Set when the reply is one long list: how to read it as it arrives. */
  readonly list: ListReader | undefined
  /** For a query: how many ms after the agent's reply it completes if its `done` does not come. */
  readonly endsAfter: number | undefined
  /** Whether the agent may hang up because of a bad pattern in it. */
  readonly risky: boolean
  /** Whether the bare reply that comes before records is emitted too, as in a raw request. */
  readonly emitsBareReply: boolean
  /** For a raw query: whether nothing comes after this record. */
  readonly isLast: ((body: unknown) => boolean) | undefined
}

/** Whether a client sends it over a connection of its own. */
export function needsOwnConnection(call: Call<unknown>): boolean {
  const { ownConnection } = call.traits
  return ownConnection === 'always' || (ownConnection === 'risky' && call.risky)
}

const unchanged = (_seq: number, body: unknown): unknown => body

type Particulars<T> = Partial<Pick<Call<T>, 'readCanonical' | 'list' | 'endsAfter' | 'risky'>>

/**
 * All calls have the same fields in the same order, because every request reads them and the engine is faster
 * with one shape.
 */
export const callOf = <T>(
  command: CommandName,
  read: Read<T>,
  body?: WireValue,
  { readCanonical, list, endsAfter, risky = false }: Particulars<T> = {},
): Call<T> => ({
  command,
  traits: COMMANDS[command],
  body,
  readCanonical,
  read,
  // What was read is the value: `read` and `readCanonical` return nothing else.
  emit: unchanged as Call<T>['emit'],
  list,
  endsAfter,
  risky,
  emitsBareReply: false,
  isLast: undefined,
})

/** Reads a reply that has no body. */
export const readNothing = (): void => undefined
