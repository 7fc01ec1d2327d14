import { textOf } from './strings'

/** Go's codec cannot decode these bytes as the expected type. The agent hangs up without a reply. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/** The value is longer than the bytes that have arrived. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete'
}

/**
 * The type bytes of a format that has a length: `short` contains it; after the others it follows in 1, 2 or 4
 * bytes.
 */
interface Format {
  what: string
  short: number
  size1: number
  size2: number
  size4: number
}

// Go has 0 for a format without a length of one byte, and so takes the integer 0 for its type byte.
const STRING: Format = { what: 'a string', short: 0xa0, size1: 0xd9, size2: 0xda, size4: 0xdb }
const ARRAY: Format = { what: 'an array', short: 0x90, size1: 0, size2: 0xdc, size4: 0xdd }
const MAP: Format = { what: 'a map', short: 0x80, size1: 0, size2: 0xde, size4: 0xdf }

const MAX_INT64 = 2n ** 63n - 1n

/**
 * Reads MessagePack as the agent's codec does: strict in some places (no float for an integer, no bin for a
 * string), loose in others. Throws {@link Undecodable} or {@link Incomplete}.
 * Source: go-msgpack 0.5.5, codec/msgpack.go and codec/decode.go.
 */
export class Cursor {
  at = 0

  constructor(readonly bytes: Buffer) {}

  /** Whether the next value is nil, which is then skipped. */
  nil(): boolean {
    if (this.#peek() !== 0xc0) return false
    this.at++
    return true
  }

  string(): string {
    return this.nil() ? '' : textOf(this.#read(this.#length(STRING)))
  }

  /** bin, str, or bytes as the elements of an array or map; `null` for nil. */
  payload(): Buffer | null {
    if (this.nil()) return null
    const type = this.#peek()
    if (type >= 0xc4 && type <= 0xc6) {
      this.at++
      return Buffer.from(this.#read(this.#unsigned(1 << (type - 0xc4))))
    }
    if (isString(type)) return Buffer.from(this.#read(this.#length(STRING)))
    return Buffer.from(this.list(() => Number(this.integer(0n, 255n))))
  }

  /** An integer of any format, within two bounds; a `bigint` if a `number` cannot hold it exactly. */
  integer(least: bigint, most: bigint): number | bigint {
    const read = this.nil() ? 0 : this.#integer()
    // Go reads an unsigned integer beyond the largest signed one as a negative one.
    const value = least < 0n && read > MAX_INT64 ? exact(BigInt.asIntN(64, BigInt(read))) : read
    if (value < least || value > most) throw new Undecodable(`integer ${value} out of range`)
    return value
  }

  bool(): boolean {
    const type = this.#byte()
    if (type === 0xc3 || type === 1) return true
    if (type === 0xc2 || type === 0 || type === 0xc0) return false
    throw new Undecodable('not a bool')
  }

  /** The elements of an array, or the keys and values of a map. */
  list<T>(read: () => T): T[] {
    if (this.nil()) return []
    const size = this.isMap ? 2 * this.#length(MAP) : this.arraySize()
    const values: T[] = []
    while (values.length < size) values.push(read())
    return values
  }

  dictionary(): Record<string, string> {
    const size = this.nil() ? 0 : this.#length(MAP)
    const entries: [string, string][] = []
    while (entries.length < size) entries.push([this.string(), this.string()])
    return Object.fromEntries(entries)
  }

  get isArray(): boolean {
    return isContainer(this.#peek(), ARRAY)
  }

  get isMap(): boolean {
    return isContainer(this.#peek(), MAP)
  }

  arraySize(): number {
    if (!this.isArray) throw new Undecodable('not an array')
    return this.#length(ARRAY)
  }

  mapSize(): number {
    if (!this.isMap) throw new Undecodable('not a map')
    return this.#length(MAP)
  }

  /** Skips a value of any type. */
  skip(): void {
    for (let left = 1; left > 0; left--) left += this.#skipOne()
  }

  /** Skips the bytes of one value; returns how many values it contains. */
  #skipOne(): number {
    const type = this.#peek()
    if (isContainer(type, MAP)) return 2 * this.#length(MAP)
    if (isContainer(type, ARRAY)) return this.#length(ARRAY)
    if (isString(type)) this.#read(this.#length(STRING))
    else if (type === 0xc1) throw new Undecodable('no value begins with 0xc1')
    else {
      this.at++
      const { length = 0, fixed = 0 } = REST[type - 0xc0] ?? {}
      this.#read((length > 0 ? this.#unsigned(length) : 0) + fixed)
    }
    return 0
  }

  /**
   * The length of a string or container. As in Go, a type byte counts as short when it has all bits of
   * `short`, even one of another format.
   */
  #length({ what, short, size1, size2, size4 }: Format): number {
    const type = this.#byte()
    if (type === size1) return this.#unsigned(1)
    if (type === size2) return this.#unsigned(2)
    if (type === size4) return this.#unsigned(4)
    if ((type & short) === short) return type ^ short
    throw new Undecodable(`not ${what}`)
  }

  #integer(): number | bigint {
    const type = this.#byte()
    if (type < 0x80) return type
    if (type >= 0xe0) return type - 0x100
    if (type >= 0xcc && type <= 0xce) return this.#unsigned(1 << (type - 0xcc))
    if (type >= 0xd0 && type <= 0xd2) {
      const size = 1 << (type - 0xd0)
      return this.#read(size).readIntBE(0, size)
    }
    if (type === 0xcf) return exact(this.#read(8).readBigUInt64BE())
    if (type === 0xd3) return exact(this.#read(8).readBigInt64BE())
    throw new Undecodable('not an integer')
  }

  #unsigned(size: number): number {
    return this.#read(size).readUIntBE(0, size)
  }

  #peek(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw new Incomplete()
    return byte
  }

  #byte(): number {
    const byte = this.#peek()
    this.at++
    return byte
  }

  #read(size: number): Buffer {
    const bytes = this.bytes.subarray(this.at, (this.at += size))
    if (bytes.length < size) throw new Incomplete()
    return bytes
  }
}

/**
 * What follows each type byte from 0xc0 on whose value is neither a string nor a container: `fixed` bytes,
 * and a length of `length` bytes with as many bytes as it says.
 */
const REST: readonly { length?: number; fixed?: number }[] = [
  ...[{}, {}, {}, {}], // nil, unused, false, true
  ...[{ length: 1 }, { length: 2 }, { length: 4 }], // bin
  ...[
    { length: 1, fixed: 1 },
    { length: 2, fixed: 1 },
    { length: 4, fixed: 1 },
  ], // ext
  ...[{ fixed: 4 }, { fixed: 8 }], // float
  ...[{ fixed: 1 }, { fixed: 2 }, { fixed: 4 }, { fixed: 8 }], // uint
  ...[{ fixed: 1 }, { fixed: 2 }, { fixed: 4 }, { fixed: 8 }], // int
  ...[{ fixed: 2 }, { fixed: 3 }, { fixed: 5 }, { fixed: 9 }, { fixed: 17 }], // fixext
]

function isString(type: number): boolean {
  return (type & 0xe0) === STRING.short || (type >= STRING.size1 && type <= STRING.size4)
}

function isContainer(type: number, { short, size2, size4 }: Format): boolean {
  return (type & 0xf0) === short || type === size2 || type === size4
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
