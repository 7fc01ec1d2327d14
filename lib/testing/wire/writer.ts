import { bytesOf } from './strings'

const FIRST_BYTES = 1024

/**
 * Writes MessagePack as Go's codec does: integers in the smallest unsigned format, bytes as bin. This folder
 * shares no code for the wire with the client, because a test agent that used the client's own tables would
 * agree with its mistakes.
 */
export class Writer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #at = 0

  /** Returns what was written, in a buffer of its own, and empties the writer. */
  finish(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.#at)
    this.#bytes.copy(taken, 0, 0, this.#at)
    this.#at = 0
    return taken
  }

  map(size: number): this {
    if (size < 16) return this.#byte(0x80 | size)
    return size < 0x10000 ? this.#prefix16(0xde, size) : this.#prefix32(0xdf, size)
  }

  array(size: number): this {
    if (size < 16) return this.#byte(0x90 | size)
    return size < 0x10000 ? this.#prefix16(0xdc, size) : this.#prefix32(0xdd, size)
  }

  nil(): this {
    return this.#byte(0xc0)
  }

  bool(value: boolean): this {
    return this.#byte(value ? 0xc3 : 0xc2)
  }

  string(text: string): this {
    // Most strings are short and ASCII, and need no buffer in between.
    if (text.length < 32 && this.#ascii(text)) return this
    const bytes = bytesOf(text)
    if (bytes.length < 32) this.#byte(0xa0 | bytes.length)
    else if (bytes.length < 0x100) this.#byte(0xd9).#byte(bytes.length)
    else if (bytes.length < 0x10000) this.#prefix16(0xda, bytes.length)
    else this.#prefix32(0xdb, bytes.length)
    return this.raw(bytes)
  }

  /** Bytes. Empty and absent ones are both nil. */
  payload(bytes: Uint8Array | null): this {
    return bytes === null || bytes.length === 0 ? this.nil() : this.binary(bytes)
  }

  binary(bytes: Uint8Array): this {
    if (bytes.length < 0x100) this.#byte(0xc4).#byte(bytes.length)
    else if (bytes.length < 0x10000) this.#prefix16(0xc5, bytes.length)
    else this.#prefix32(0xc6, bytes.length)
    return this.raw(bytes)
  }

  uint(value: number | bigint): this {
    if (value < 0x80) return this.#byte(Number(value))
    if (value < 0x100) return this.#byte(0xcc).#byte(Number(value))
    if (value < 0x10000) return this.#prefix16(0xcd, Number(value))
    if (value < 0x100000000) return this.#prefix32(0xce, Number(value))
    this.#byte(0xcf).#reserve(8)
    this.#at = this.#bytes.writeBigUInt64BE(BigInt(value), this.#at)
    return this
  }

  float(value: number): this {
    this.#byte(0xcb).#reserve(8)
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
    return this
  }

  /** Bytes that are already MessagePack. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  #ascii(text: string): boolean {
    this.#reserve(text.length + 1)
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) return false
      this.#bytes[this.#at + 1 + index] = code
    }
    this.#bytes[this.#at] = 0xa0 | text.length
    this.#at += text.length + 1
    return true
  }

  #byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
    return this
  }

  #prefix16(type: number, value: number): this {
    this.#byte(type).#reserve(2)
    this.#at = this.#bytes.writeUInt16BE(value, this.#at)
    return this
  }

  #prefix32(type: number, value: number): this {
    this.#byte(type).#reserve(4)
    this.#at = this.#bytes.writeUInt32BE(value, this.#at)
    return this
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.#at + size))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}
