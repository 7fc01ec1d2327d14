import { Scanner } from '../../protocol/scanner'

/** A request larger than this is taken for garbage. */
const MAX_BYTES = 64 * 1024 * 1024

/** Chunks in, whole MessagePack objects out. Throws on what begins no object. */
export class Input {
  readonly #scanner = new Scanner(MAX_BYTES)
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0

  push(chunk: Buffer): void {
    this.#bytes =
      this.#at === this.#bytes.length ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk])
    this.#at = 0
  }

  /** The next object, `undefined` while it is not all there. */
  next(): Buffer | undefined {
    if (this.#at === this.#bytes.length) return undefined
    const end = this.#scanner.scan(this.#bytes, this.#at, this.#bytes.length)
    if (end < 0) return undefined
    const object = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return object
  }
}
