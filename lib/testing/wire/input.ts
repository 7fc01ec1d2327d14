import { Cursor, Incomplete } from './cursor'

/** A value that has more bytes than this is refused. */
const MAX_BYTES = 64 * 1024 * 1024

/** The bytes that a client has sent and that have not been read. */
export class Input {
  #bytes: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  /** Reads one value; `undefined` until all of it has arrived. Throws what `read` throws. */
  next<T>(read: (cursor: Cursor) => T): T | undefined {
    if (this.#bytes.length === 0) return undefined
    const cursor = new Cursor(this.#bytes)
    try {
      const value = read(cursor)
      this.#bytes = this.#bytes.subarray(cursor.at)
      return value
    } catch (error) {
      if (error instanceof Incomplete && this.#bytes.length <= MAX_BYTES) return undefined
      throw error
    }
  }
}
