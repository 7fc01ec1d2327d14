import { header } from '../wire/replies'
import type { Uint64 } from '../wire/requests'
import type { Ending, WriteQueue } from './write-queue'

/** Where the bytes under one seq are cut off, and how the connection then ends. */
export interface Cut {
  how: Ending
  /** How many bytes still go out; `'header'` is the length of the first header. */
  after: number | 'header'
}

/** Sends under one seq: headers, each alone or with a body or record. */
export class Reply {
  /** The header of every success, encoded once: a stream sends it with each record. */
  readonly #success: Buffer

  constructor(
    private readonly writes: WriteQueue,
    private readonly seq: Uint64,
    private readonly cut?: Cut,
  ) {
    this.#success = header('', seq)
  }

  /** Whether there is room for more. A stream waits for a slow reader. */
  get writable(): boolean {
    return this.writes.writable
  }

  succeed(body?: Buffer): void {
    this.#send(this.#success, body)
  }

  fail(error: string, body?: Buffer): void {
    this.#send(header(error, this.seq), body)
  }

  /** Succeeds without an error text, fails with one. */
  conclude(error: string | undefined): void {
    if (error === undefined) this.succeed()
    else this.fail(error)
  }

  #send(head: Buffer, body: Buffer | undefined): void {
    if (this.cut) {
      this.#sendCut(this.cut, body ? Buffer.concat([head, body]) : head, head.length)
      return
    }
    this.writes.write(head)
    if (body) this.writes.write(body)
  }

  #sendCut(cut: Cut, bytes: Buffer, headBytes: number): void {
    const left = cut.after === 'header' ? headBytes : cut.after
    this.writes.write(bytes.subarray(0, left))
    cut.after = left - Math.min(left, bytes.length)
    if (cut.after === 0) this.writes.end(cut.how)
  }
}
