import { Unpackr } from 'msgpackr'

export interface SentRequest {
  command: string
  seq: number
  body?: unknown
}

/** The commands that take no body, and one that nobody knows. */
const BARE = ['members', 'stats', 'list-keys', 'leave', 'no-such']
const unpackr = new Unpackr({ useRecords: false })

/** Reads requests out of what a client writes, as an agent would: a command that takes a body waits for one. */
export class RequestParser {
  #rest: Buffer = Buffer.alloc(0)
  #header: { Command: string; Seq: number | bigint } | undefined

  push(chunk: Uint8Array): SentRequest[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const requests: SentRequest[] = []
    for (const value of this.#take()) {
      if (this.#header) {
        requests.push({ command: this.#header.Command, seq: Number(this.#header.Seq), body: value })
        this.#header = undefined
      } else {
        const header = value as { Command: string; Seq: number | bigint }
        if (BARE.includes(header.Command)) requests.push({ command: header.Command, seq: Number(header.Seq) })
        else this.#header = header
      }
    }
    return requests
  }

  #take(): unknown[] {
    const values: unknown[] = []
    let end = 0
    try {
      unpackr.unpackMultiple(this.#rest, (value: unknown, _start?: number, next?: number) => {
        values.push(value)
        end = next ?? end
      })
    } catch {
      // The rest is still to come.
    }
    this.#rest = this.#rest.subarray(end)
    return values
  }
}
