import { unpackAll } from './unpack'

/** A request as an agent reads it. */
export interface SentRequest {
  command: string
  seq: number
  /** Absent for the commands that take no body. */
  body?: unknown
}

interface Header {
  Command: string
  Seq: number | bigint
}

/** The commands that take no body, and one that no agent knows. */
const WITHOUT_BODY = ['members', 'stats', 'list-keys', 'leave', 'no-such']

/**
 * Reads the requests out of what a client writes, however the bytes are cut. Objects that are no request are
 * skipped.
 */
export class RequestParser {
  #rest: Buffer = Buffer.alloc(0)
  #header: Header | undefined

  /** The requests that are complete with this chunk. */
  push(chunk: Uint8Array): SentRequest[] {
    const bytes = Buffer.concat([this.#rest, chunk])
    const { values, end } = unpackAll(bytes)
    this.#rest = bytes.subarray(end)
    return values.flatMap((value) => this.#read(value) ?? [])
  }

  #read(value: unknown): SentRequest | undefined {
    if (this.#header) {
      const { Command: command, Seq: seq } = this.#header
      this.#header = undefined
      return { command, seq: Number(seq), body: value }
    }
    if (!isHeader(value)) return undefined
    if (WITHOUT_BODY.includes(value.Command)) return { command: value.Command, seq: Number(value.Seq) }
    this.#header = value
    return undefined
  }
}

/** Command and seq of the request that begins these bytes. */
export function requestHeader(bytes: Uint8Array): { command: string; seq: number } {
  const [value] = unpackAll(bytes).values
  if (!isHeader(value)) throw new Error('these bytes do not begin with the header of a request')
  return { command: value.Command, seq: Number(value.Seq) }
}

function isHeader(value: unknown): value is Header {
  return typeof value === 'object' && value !== null && 'Command' in value && 'Seq' in value
}
