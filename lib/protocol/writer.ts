/** A value that an agent can read as MessagePack. */
export type WireValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly WireValue[]
  | { readonly [key: string]: WireValue | undefined }

const FIRST_BYTES = 1024
/** A larger buffer is dropped once it is flushed. */
const KEPT_BYTES = 256 * 1024
/** The most bytes that a scalar needs. */
const SCALAR = 9
/** Below this length a loop over the characters is faster than a call of Node's UTF-8 encoder. */
const SHORT = 24

/**
 * Writes MessagePack that an agent accepts: strings as str, bytes as bin, and every number as an integer. It
 * cannot write floats and extensions, which general encoders use for large numbers and `undefined`: an agent
 * hangs up over them without an error. Requests are written one after another, and `flush` returns them in
 * one piece.
 */
export class Writer {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  private at = 0

  get length(): number {
    return this.at
  }

  /** Returns everything written since the last flush. */
  flush(): Buffer {
    const taken = Buffer.allocUnsafe(this.at)
    this.bytes.copy(taken, 0, 0, this.at)
    this.at = 0
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
    return taken
  }

  /** Writes bytes that are MessagePack already. */
  raw(encoded: Uint8Array): void {
    this.reserve(encoded.length)
    this.bytes.set(encoded, this.at)
    this.at += encoded.length
  }

  value(value: WireValue): void {
    this.reserve(SCALAR)
    if (typeof value === 'string') this.string(value)
    else if (typeof value === 'number') this.integer(value)
    else if (typeof value === 'boolean') this.type(value ? 0xc3 : 0xc2)
    else if (value === null) this.type(0xc0)
    else if (typeof value === 'bigint') this.bigInteger(value)
    else if (value instanceof Uint8Array) this.binary(value)
    else if (isArray(value)) {
      this.head(value.length, 0x90, 16, 0xdc)
      for (const entry of value) this.value(entry)
    } else this.map(value)
  }

  private map(map: { readonly [key: string]: WireValue | undefined }): void {
    const keys = Object.keys(map)
    let size = 0
    for (let index = 0; index < keys.length; index++) if (map[keys[index] as string] !== undefined) size++
    this.head(size, 0x80, 16, 0xde)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string
      const value = map[key]
      if (value === undefined) continue
      this.string(key)
      this.value(value)
    }
  }

  private string(text: string): void {
    if (text.length < SHORT && this.shortString(text)) return
    const size = Buffer.byteLength(text)
    this.reserve(SCALAR + size)
    if (size < 32) this.type(0xa0 | size)
    else if (size < 0x100) this.uint8(0xd9, size)
    else this.head(size, 0, 0, 0xda)
    this.at += this.bytes.write(text, this.at, 'utf8')
  }

  /** Writes a string if it is ASCII, and returns whether it was. */
  private shortString(text: string): boolean {
    this.reserve(SHORT + 1)
    const { bytes, at } = this
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index)
      if (character >= 0x80) return false
      bytes[at + 1 + index] = character
    }
    bytes[at] = 0xa0 | text.length
    this.at = at + 1 + text.length
    return true
  }

  private binary(payload: Uint8Array): void {
    if (payload.length < 0x100) this.uint8(0xc4, payload.length)
    else this.head(payload.length, 0, 0, 0xc5)
    this.raw(payload)
  }

  /** Writes a type with a length: within the type if it is small, else in two or four bytes. */
  private head(size: number, shortType: number, shortSizes: number, type16: number): void {
    if (size < shortSizes) this.type(shortType | size)
    else if (size < 0x10000) this.uint16(type16, size)
    else this.uint32(type16 + 1, size)
  }

  integer(value: number): void {
    this.reserve(SCALAR)
    if (value >= 0) {
      if (value < 0x80) this.type(value)
      else if (value < 0x100) this.uint8(0xcc, value)
      else if (value < 0x10000) this.uint16(0xcd, value)
      else if (value < 2 ** 32) this.uint32(0xce, value)
      else this.bigInteger(BigInt(value))
    } else if (value >= -0x20) this.type(value + 0x100)
    else this.bigInteger(BigInt(value))
  }

  // The methods from here on need a reserved SCALAR.

  private bigInteger(value: bigint): void {
    this.type(value < 0n ? 0xd3 : 0xcf)
    this.at =
      value < 0n ? this.bytes.writeBigInt64BE(value, this.at) : this.bytes.writeBigUInt64BE(value, this.at)
  }

  private type(byte: number): void {
    this.bytes[this.at++] = byte
  }

  private uint8(type: number, value: number): void {
    this.bytes[this.at++] = type
    this.bytes[this.at++] = value
  }

  private uint16(type: number, value: number): void {
    this.uint8(type, value >>> 8)
    this.bytes[this.at++] = value
  }

  private uint32(type: number, value: number): void {
    this.uint16(type, value >>> 16)
    this.bytes[this.at++] = value >>> 8
    this.bytes[this.at++] = value
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.at + size))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }
}

function isArray(value: object): value is readonly WireValue[] {
  return Array.isArray(value)
}
