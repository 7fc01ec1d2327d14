/** A larger buffer is dropped once it is empty. */
const KEPT_BYTES = 1024 * 1024
const NOTHING = Buffer.alloc(0)

/** A copy of the incomplete end of earlier chunks, to which the next chunk is appended. */
export class PendingBytes {
  bytes: Buffer = NOTHING
  size = 0

  /**
   * The buffer grows to twice the size that is needed, so that a message of many chunks is not copied with
   * each of them.
   */
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

  /** Removes the first bytes. */
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
