/** A larger buffer is given back once it is empty. */
const KEPT_BYTES = 1024 * 1024
const NOTHING = Buffer.alloc(0)

/** What is left of chunks that are gone: a copy from its first byte on, to which the next chunk is added. */
export class PendingBytes {
  bytes: Buffer = NOTHING
  size = 0

  /** Grows to twice what it needs, so that a message of many chunks is not copied with each. */
  append(chunk: Buffer, from: number, to: number): void {
    const needed = this.size + to - from
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(2 * needed)
      this.bytes.copy(grown, 0, 0, this.size)
      this.bytes = grown
    }
    chunk.copy(this.bytes, this.size, from, to)
    this.size = needed
  }

  /** Lets go of the first bytes. */
  drop(size: number): void {
    if (size === this.size) this.clear()
    else if (size > 0) {
      this.bytes.copyWithin(0, size, this.size)
      this.size -= size
    }
  }

  clear(): void {
    this.size = 0
    if (this.bytes.length > KEPT_BYTES) this.bytes = NOTHING
  }
}
