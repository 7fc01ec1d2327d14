import { LARGEST_FRAME_BYTES } from './limits'
import type { Scanner } from './scanner'
import { stringAt } from './strings'

const EMPTY = Buffer.alloc(0)

/** V8 keeps arrays of up to this many bytes in its own heap, where they are cheap. */
const HEAP_BYTES = 64
/** An array of its own costs several times the copy from the pool up to about this size. */
const POOLED_BYTES = 1024

/** Bytes that are looked for, made ready to be compared four at a time. */
export class Expected {
  readonly size: number
  /** All but the last four, and perhaps some of these. */
  readonly words: readonly number[]
  readonly last: number
  /** What of the last four counts, where there are fewer. */
  readonly mask: number

  /** Single bytes, and strings as MessagePack has the short ones. */
  static of(...parts: (number | string)[]): Expected {
    return new Expected(
      Buffer.concat(
        parts.map((part) =>
          typeof part === 'number'
            ? Buffer.from([part])
            : Buffer.from([0xa0 | part.length, ...Buffer.from(part)]),
        ),
      ),
    )
  }

  private constructor(bytes: Buffer) {
    this.size = bytes.length
    const words: number[] = []
    for (let at = 0; at + 4 < bytes.length; at += 4) words.push(bytes.readInt32BE(at))
    this.words = words
    this.mask = bytes.length < 4 ? ~(-1 << (8 * bytes.length)) : -1
    this.last = Buffer.concat([Buffer.alloc(4), bytes]).readInt32BE(bytes.length) & this.mask
  }
}

/**
 * Beyond the end of the largest message, and still a small integer to V8, with room to go on from there. The product with 1.5
 * would be a float to V8, and so would be every position after the first fault.
 */
const FAULTY = LARGEST_FRAME_BYTES + (LARGEST_FRAME_BYTES >> 1)
const NIL = 0xc0

/**
 * Reads one MessagePack object of a known shape where it lies, field by field, straight into our own types.
 *
 * Reading never throws and never reads past the end: what does not fit puts the reader past the end, gives a zero value, and the
 * caller drops the object. So the same readers serve bytes that may be cut short (`begin` with `whole` false: a fault then means
 * "scan it first") and whole objects that the scanner has passed (a fault means "not what Serf sends").
 * nil reads as the zero value everywhere, as Go has it.
 *
 * The end of a chunk cuts what is read by the thousand in two, so running out of bytes must be nothing special here: a branch taken
 * for the first time sends V8 back from compiled code to the interpreter. So nothing but the position changes: past the
 * end there is nil, and nil is what every reader looks for first.
 */
export class Reader {
  bytes: Buffer = EMPTY
  private view: DataView = new DataView(EMPTY.buffer)
  at = 0
  end = 0
  /** How many values the containers so far say that they hold. */
  values = 0
  /** Whether the scanner has passed these bytes. */
  whole = false
  /** Passes over values that nobody asked for. */
  private readonly skipper: Scanner

  constructor(skipper: Scanner) {
    this.skipper = skipper
  }

  begin(bytes: Buffer, at: number, end: number, whole: boolean): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    this.at = at
    this.end = end
    this.whole = whole
    this.values = 0
  }

  /** Whether anything since `begin`, or `rewind`, did not fit. */
  get fault(): boolean {
    return this.at > this.end
  }

  fail(): void {
    this.at = FAULTY
  }

  /** Goes back, after a fault too, to where it has been, with as many values as there were then. */
  rewind(at: number, values: number): void {
    this.at = at
    this.values = values
  }

  /** The byte here, and goes on. */
  private byte(): number {
    const at = this.at++
    return at < this.end ? (this.bytes[at] as number) : NIL
  }

  /** Steps over `size` bytes and returns where they began. */
  private advance(size: number): number {
    const start = this.at
    this.at = start + size
    return start
  }

  private uint16(): number {
    const at = this.advance(2)
    return this.at > this.end ? 0 : this.view.getUint16(at)
  }

  private uint32(): number {
    const at = this.advance(4)
    return this.at > this.end ? 0 : this.view.getUint32(at)
  }

  /** The length that follows a type: `type8` has it in one byte, the next type in two, the one after in four. */
  private size(type: number, type8: number): number {
    if (type === NIL) return 0
    if (type === type8) return this.byte()
    if (type === type8 + 1) return this.uint16()
    if (type === type8 + 2) return this.uint32()
    this.fail()
    return 0
  }

  /** How many entries the map here has. Each must be read or skipped. */
  mapSize(): number {
    const type = this.byte()
    if (type === NIL) return 0
    let size = 0
    if (type >= 0x80 && type < 0x90) size = type & 0x0f
    else if (type === 0xde) size = this.uint16()
    else if (type === 0xdf) size = this.uint32()
    else this.fail()
    this.values += 2 * size
    return size
  }

  /** How many values the array here has. Each must be read or skipped. */
  arraySize(): number {
    const type = this.byte()
    if (type === NIL) return 0
    let size = 0
    if (type >= 0x90 && type < 0xa0) size = type & 0x0f
    else if (type === 0xdc) size = this.uint16()
    else if (type === 0xdd) size = this.uint32()
    else this.fail()
    this.values += size
    return size
  }

  string(): string {
    const type = this.byte()
    if (type === NIL) return ''
    const size = (type & 0xe0) === 0xa0 ? type & 0x1f : this.size(type, 0xd9)
    const start = this.advance(size)
    return this.at > this.end ? '' : stringAt(this.bytes, this.view, start, size)
  }

  /** Steps over bytes and returns where they began; they end where the reader then is. */
  binaryStart(): number {
    return this.advance(this.size(this.byte(), 0xc4))
  }

  /** A copy. Whoever keeps it never keeps a chunk of the socket alive, and at most one block of Node's buffer pool (8 KiB). */
  binary(): Buffer {
    const start = this.binaryStart()
    if (start === this.at || this.at > this.end) return EMPTY
    const size = this.at - start
    if (size > HEAP_BYTES && size <= POOLED_BYTES) {
      const copy = Buffer.allocUnsafe(size)
      this.bytes.copy(copy, 0, start, this.at)
      return copy
    }
    // `slice` of Buffer returns a view. The one of Uint8Array copies, and returns a Buffer too.
    return Uint8Array.prototype.slice.call(this.bytes, start, this.at) as Buffer
  }

  bool(): boolean {
    const type = this.byte()
    if (type !== NIL && (type & 0xfe) !== 0xc2) this.fail()
    return type === 0xc3
  }

  /** An integer; what a `number` cannot hold exactly is rounded. */
  integer(): number {
    const type = this.byte()
    if (type < 0x80) return type
    switch (type) {
      case NIL:
        return 0
      case 0xcc:
        return this.byte()
      case 0xcd:
        return this.uint16()
      case 0xce:
        return this.uint32()
      case 0xcf: {
        const at = this.advance(8)
        return this.fault ? 0 : Number(this.view.getBigUint64(at))
      }
      case 0xd0:
        return (this.byte() << 24) >> 24
      case 0xd1:
        return (this.uint16() << 16) >> 16
      case 0xd2:
        return this.uint32() | 0
      case 0xd3: {
        const at = this.advance(8)
        return this.fault ? 0 : Number(this.view.getBigInt64(at))
      }
      default:
        if (type >= 0xe0) return type - 0x100
        this.fail()
        return 0
    }
  }

  /** An unsigned integer that must stay exact: a `bigint` beyond 2^53. */
  id(): number | bigint {
    const start = this.at
    const value = this.integer()
    if (Number.isSafeInteger(value) || this.fault) return value
    return this.view.getBigUint64(start + 1)
  }

  float(): number {
    const type = this.bytes[this.at]
    if (type !== 0xcb && type !== 0xca) return this.integer()
    this.at++
    const at = this.advance(type === 0xcb ? 8 : 4)
    if (this.fault) return 0
    return type === 0xcb ? this.view.getFloat64(at) : this.view.getFloat32(at)
  }

  /**
   * A list, each value read by `read`. Nothing is set aside for what an array merely claims to hold, and one of values of `least`
   * bytes that cannot be all there is not begun.
   */
  list<T>(read: (reader: this) => T, least = 1): T[] {
    const values: T[] = []
    const size = this.arraySize()
    if (this.at + size * least > this.end) this.fail()
    for (let index = 0; index < size && !this.fault; index++) values.push(read(this))
    return values
  }

  /** A map from strings, of `most` entries at most. A key `__proto__` is data like any other. */
  dictionary<T>(read: (reader: this) => T, most: number): Record<string, T> {
    const entries: Record<string, T> = {}
    const size = this.mapSize()
    if (size > most) this.fail()
    for (let index = 0; index < size && !this.fault; index++) {
      const key = this.string()
      const value = read(this)
      if (key !== '__proto__') entries[key] = value
      else
        Object.defineProperty(entries, key, { value, enumerable: true, configurable: true, writable: true })
    }
    return entries
  }

  /** Passes over a value. What is in it is not counted here, so the scanner has to have seen it. */
  skip(): void {
    if (!this.whole) {
      this.fail()
      return
    }
    const next = this.skipper.scan(this.bytes, this.at, this.end)
    if (next < 0) {
      this.skipper.reset()
      this.fail()
    } else this.at = next
  }

  /** Whether the given bytes are here; steps over them if so. */
  matches(expected: Expected): boolean {
    const { view, at } = this
    const { size, words } = expected
    // The last word may begin before the bytes do, but not before the buffer: they stand in a container.
    const last = at + size - 4
    if (last + 4 > this.end || last < 0) return false
    for (let index = 0, from = at; index < words.length; index++, from += 4) {
      if (view.getInt32(from) !== words[index]) return false
    }
    if ((view.getInt32(last) & expected.mask) !== expected.last) return false
    this.at = at + size
    return true
  }
}
