import { textOf } from './strings'

/** Bytes that Go's codec does not take for what they should be. The agent hangs up without a word. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/** Walks over one whole MessagePack object, and takes of each value only what Go would: no float for an integer, no bin for a string. */
export class Cursor {
  at = 0

  constructor(readonly bytes: Buffer) {}

  /** Whether nil is here; steps over it if so. */
  nil(): boolean {
    if (this.bytes[this.at] !== 0xc0) return false
    this.at++
    return true
  }

  string(): string {
    return this.nil() ? '' : textOf(this.#take(this.#stringSize()))
  }

  /** bin, str or an array of bytes; `null` for nil. */
  payload(): Buffer | null {
    if (this.nil()) return null
    const type = this.#peek()
    if (type === 0xc4 || type === 0xc5 || type === 0xc6) {
      this.at++
      return Buffer.from(this.#take(this.#unsigned(1 << (type - 0xc4))))
    }
    if (!isArray(type)) return Buffer.from(this.#take(this.#stringSize()))
    return Buffer.from(this.list(() => Number(this.integer(0n, 255n))))
  }

  /** Any integer format, within two bounds; a `bigint` beyond what a `number` holds exactly. */
  integer(least: bigint, most: bigint): number | bigint {
    const value = this.nil() ? 0 : this.#integer()
    if (value < least || value > most) throw new Undecodable(`integer ${value} out of range`)
    return value
  }

  bool(): boolean {
    const type = this.#byte()
    if (type === 0xc3 || type === 1) return true
    if (type === 0xc2 || type === 0 || type === 0xc0) return false
    throw new Undecodable('not a bool')
  }

  list<T>(read: () => T): T[] {
    if (this.nil()) return []
    return Array.from({ length: this.arraySize() }, read)
  }

  dictionary(): Record<string, string> {
    const size = this.nil() ? 0 : this.mapSize()
    const entries = Array.from({ length: size }, () => [this.string(), this.string()] as const)
    return Object.fromEntries(entries)
  }

  get isArray(): boolean {
    return isArray(this.#peek())
  }

  arraySize(): number {
    return this.#containerSize(0x90, 0xdc, 'an array')
  }

  mapSize(): number {
    return this.#containerSize(0x80, 0xde, 'a map')
  }

  #containerSize(short: number, long: number, what: string): number {
    const type = this.#byte()
    if ((type & 0xf0) === short) return type & 0x0f
    if (type === long) return this.#unsigned(2)
    if (type === long + 1) return this.#unsigned(4)
    throw new Undecodable(`not ${what}`)
  }

  #stringSize(): number {
    const type = this.#byte()
    if ((type & 0xe0) === 0xa0) return type & 0x1f
    if (type >= 0xd9 && type <= 0xdb) return this.#unsigned(1 << (type - 0xd9))
    throw new Undecodable('not a string')
  }

  #integer(): number | bigint {
    const type = this.#byte()
    if (type < 0x80) return type
    if (type >= 0xe0) return type - 0x100
    if (type >= 0xcc && type <= 0xce) return this.#unsigned(1 << (type - 0xcc))
    if (type >= 0xd0 && type <= 0xd2) {
      const size = 1 << (type - 0xd0)
      return this.#take(size).readIntBE(0, size)
    }
    if (type === 0xcf) return exact(this.#take(8).readBigUInt64BE())
    if (type === 0xd3) return exact(this.#take(8).readBigInt64BE())
    throw new Undecodable('not an integer')
  }

  #unsigned(size: number): number {
    return this.#take(size).readUIntBE(0, size)
  }

  #peek(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw new Undecodable('cut short')
    return byte
  }

  #byte(): number {
    const byte = this.#peek()
    this.at++
    return byte
  }

  #take(size: number): Buffer {
    const taken = this.bytes.subarray(this.at, (this.at += size))
    if (taken.length < size) throw new Undecodable('cut short')
    return taken
  }
}

function isArray(type: number): boolean {
  return (type & 0xf0) === 0x90 || type === 0xdc || type === 0xdd
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
