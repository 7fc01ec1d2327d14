import { readUint16, readUint32, type Scanner } from './scanner'
import { stringAt } from './strings'

const EMPTY = Buffer.alloc(0)

/**
 * Reads one MessagePack object of a known shape where it lies, field by field, straight into our own types.
 *
 * Reading never throws and never reads past the end: what does not fit sets `fault`, gives a zero value, and the caller
 * drops the object. So the same readers serve bytes that may be cut short (`begin` with `whole` false: a fault then means
 * "scan it first") and whole objects that the scanner has passed (a fault means "not what Serf sends").
 * nil reads as the zero value everywhere, as Go has it.
 */
export class Reader {
  bytes: Buffer = EMPTY
  at = 0
  end = 0
  /** Whether the scanner has passed these bytes. */
  whole = false
  fault = false
  /** Passes over values that nobody asked for. */
  readonly #skipper: Scanner

  constructor(skipper: Scanner) {
    this.#skipper = skipper
  }

  begin(bytes: Buffer, at: number, end: number, whole: boolean): void {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.whole = whole
    this.fault = false
  }

  #fail(): void {
    this.fault = true
    this.at = this.end
  }

  /** The byte here, and goes on; -1 and a fault at the end. */
  #byte(): number {
    if (this.at < this.end) return this.bytes[this.at++] as number
    this.fault = true
    return -1
  }

  /** Steps over `size` bytes and returns where they began. */
  #take(size: number): number {
    const start = this.at
    if (start + size > this.end) this.#fail()
    else this.at = start + size
    return start
  }

  #uint8(): number {
    const at = this.#take(1)
    return this.fault ? 0 : (this.bytes[at] as number)
  }

  #uint16(): number {
    const at = this.#take(2)
    return this.fault ? 0 : readUint16(this.bytes, at)
  }

  #uint32(): number {
    const at = this.#take(4)
    return this.fault ? 0 : readUint32(this.bytes, at)
  }

  /** How many entries the map here has. Each must be read or skipped. */
  mapSize(): number {
    const type = this.#byte()
    if (type >= 0x80 && type < 0x90) return type & 0x0f
    if (type === 0xc0) return 0
    if (type === 0xde) return this.#uint16()
    if (type === 0xdf) return this.#uint32()
    this.#fail()
    return 0
  }

  /** How many values the array here has. Each must be read or skipped. */
  arraySize(): number {
    const type = this.#byte()
    if (type >= 0x90 && type < 0xa0) return type & 0x0f
    if (type === 0xc0) return 0
    if (type === 0xdc) return this.#uint16()
    if (type === 0xdd) return this.#uint32()
    this.#fail()
    return 0
  }

  string(): string {
    const type = this.#byte()
    let size: number
    if (type >= 0xa0 && type < 0xc0) size = type & 0x1f
    else if (type === 0xc0) return ''
    else if (type === 0xd9) size = this.#uint8()
    else if (type === 0xda) size = this.#uint16()
    else if (type === 0xdb) size = this.#uint32()
    else {
      this.#fail()
      return ''
    }
    const start = this.#take(size)
    return this.fault ? '' : stringAt(this.bytes, start, this.at)
  }

  /** A copy: whoever keeps it keeps nothing else alive. */
  binary(): Buffer {
    const type = this.#byte()
    let size: number
    if (type === 0xc4) size = this.#uint8()
    else if (type === 0xc0) return EMPTY
    else if (type === 0xc5) size = this.#uint16()
    else if (type === 0xc6) size = this.#uint32()
    else {
      this.#fail()
      return EMPTY
    }
    const start = this.#take(size)
    if (this.fault || size === 0) return EMPTY
    const copy = Buffer.allocUnsafeSlow(size)
    this.bytes.copy(copy, 0, start, this.at)
    return copy
  }

  bool(): boolean {
    const type = this.#byte()
    if (type !== 0xc2 && type !== 0xc3 && type !== 0xc0) this.#fail()
    return type === 0xc3
  }

  /** An integer; what a `number` cannot hold exactly is rounded. */
  integer(): number {
    const type = this.#byte()
    if (type < 0x80) return type < 0 ? 0 : type
    switch (type) {
      case 0xc0:
        return 0
      case 0xcc:
        return this.#uint8()
      case 0xcd:
        return this.#uint16()
      case 0xce:
        return this.#uint32()
      case 0xcf: {
        const at = this.#take(8)
        return this.fault ? 0 : Number(this.bytes.readBigUInt64BE(at))
      }
      case 0xd0:
        return (this.#uint8() << 24) >> 24
      case 0xd1:
        return (this.#uint16() << 16) >> 16
      case 0xd2:
        return this.#uint32() | 0
      case 0xd3: {
        const at = this.#take(8)
        return this.fault ? 0 : Number(this.bytes.readBigInt64BE(at))
      }
      default:
        if (type >= 0xe0) return type - 0x100
        this.#fail()
        return 0
    }
  }

  /** An unsigned integer that must stay exact: a `bigint` beyond 2^53. */
  id(): number | bigint {
    const start = this.at
    const value = this.integer()
    if (Number.isSafeInteger(value) || this.fault) return value
    return this.bytes.readBigUInt64BE(start + 1)
  }

  float(): number {
    const type = this.bytes[this.at]
    if (type !== 0xcb && type !== 0xca) return this.integer()
    this.at++
    const at = this.#take(type === 0xcb ? 8 : 4)
    if (this.fault) return 0
    return type === 0xcb ? this.bytes.readDoubleBE(at) : this.bytes.readFloatBE(at)
  }

  /** A list, each value read by `read`. Nothing is set aside for what an array merely claims to hold. */
  list<T>(read: (reader: this) => T): T[] {
    const values: T[] = []
    const size = this.arraySize()
    for (let index = 0; index < size && !this.fault; index++) values.push(read(this))
    return values
  }

  /** A map from strings. A key `__proto__` is data like any other. */
  dictionary<T>(read: (reader: this) => T): Record<string, T> {
    const entries: Record<string, T> = {}
    const size = this.mapSize()
    for (let index = 0; index < size && !this.fault; index++) {
      const key = this.string()
      const value = read(this)
      if (key !== '__proto__') entries[key] = value
      else
        Object.defineProperty(entries, key, { value, enumerable: true, configurable: true, writable: true })
    }
    return entries
  }

  skip(): void {
    const next = this.#skipper.scan(this.bytes, this.at, this.end)
    if (next < 0) {
      this.#skipper.reset()
      this.#fail()
    } else this.at = next
  }

  /** Whether the given bytes are here; steps over them if so. */
  matches(expected: Uint8Array): boolean {
    const start = this.at
    if (start + expected.length > this.end) return false
    for (let index = 0; index < expected.length; index++) {
      if (this.bytes[start + index] !== expected[index]) return false
    }
    this.at = start + expected.length
    return true
  }
}
