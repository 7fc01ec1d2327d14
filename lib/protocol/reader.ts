import type { Expected } from './expected'
import { LARGEST_FRAME_BYTES } from './limits'
import type { Scanner } from './scanner'
import { stringAt } from './strings'

const EMPTY = Buffer.alloc(0)

/** V8 keeps arrays of up to this many bytes in its own heap, where they cost little. */
const HEAP_BYTES = 64
/** Up to about this size, memory from Node's buffer pool costs much less than an array of its own. */
const POOLED_BYTES = 1024

/**
 * Beyond the end of the largest message. It is still a small integer to V8, even when more bytes are added.
 * (1.5 times the limit would be a float to V8, and so would every position after the first fault.)
 */
const FAULTY = LARGEST_FRAME_BYTES + (LARGEST_FRAME_BYTES >> 1)
const NIL = 0xc0

/**
 * Reads one MessagePack object of a known shape in place, field by field, directly into our own types.
 *
 * Reading never throws and never goes beyond the end. A value that does not fit is a fault: it puts the
 * position beyond the end and reads as a zero value, and the caller drops the object. So the same functions
 * read bytes that may be incomplete (`begin` with `whole` false: after a fault, scan first) and objects that
 * the scanner has checked (a fault means that Serf does not send this). nil reads as the zero value
 * everywhere, as in Go.
 *
 * Chunks often end within an object. So running out of bytes changes nothing but the position: a branch that
 * is taken for the first time would send V8 back from compiled code to the interpreter. Beyond the end every
 * byte reads as nil, and nil is what every method checks first.
 */
export class Reader {
  bytes: Buffer = EMPTY
  private view: DataView = new DataView(EMPTY.buffer)
  at = 0
  end = 0
  /** How many values the containers read so far claim to hold. */
  values = 0
  /** Whether the scanner has checked these bytes. */
  whole = false
  /** Finds the end of values that are skipped. */
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

  /** Whether a value since `begin` or `rewind` did not fit. */
  get fault(): boolean {
    return this.at > this.end
  }

  fail(): void {
    this.at = FAULTY
  }

  /** Goes back to an earlier position and count of values, also after a fault. */
  rewind(at: number, values: number): void {
    this.at = at
    this.values = values
  }

  /** Reads a byte. */
  private byte(): number {
    const at = this.at++
    return at < this.end ? (this.bytes[at] as number) : NIL
  }

  /** Skips `size` bytes and returns where they begin. */
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

  /**
   * Reads the length that follows a type: one byte after `type8`, two after the next type, four after the one
   * after that.
   */
  private size(type: number, type8: number): number {
    if (type === NIL) return 0
    if (type === type8) return this.byte()
    if (type === type8 + 1) return this.uint16()
    if (type === type8 + 2) return this.uint32()
    this.fail()
    return 0
  }

  /** Reads the head of a map and returns the number of entries. Each must be read or skipped. */
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

  /** Reads the head of an array and returns the number of values. Each must be read or skipped. */
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

  /** Skips bytes and returns where they begin. They end at the new position. */
  binaryStart(): number {
    return this.advance(this.size(this.byte(), 0xc4))
  }

  /**
   * Copies bytes. The copy keeps no chunk of the socket alive, and at most one block (8 KiB) of Node's buffer
   * pool.
   */
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

  /** Reads an integer. A value that a `number` cannot hold exactly is rounded. */
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

  /** Reads an unsigned integer exactly: as a `bigint` beyond 2^53. */
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
   * Reads a list with `read` for each value. No memory is reserved for the number that the array claims. When
   * the values, with at least `least` bytes each, cannot all be there, none is read.
   */
  list<T>(read: (reader: this) => T, least = 1): T[] {
    const values: T[] = []
    const size = this.arraySize()
    if (this.at + size * least > this.end) this.fail()
    for (let index = 0; index < size && !this.fault; index++) values.push(read(this))
    return values
  }

  /**
   * Reads a map with strings as keys and at most `most` entries. A key `__proto__` is data like any other.
   */
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

  /** Skips a value. The values within it are not counted, so the scanner must have checked it. */
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

  /** Whether the next bytes are the expected ones. Skips them if so. */
  matches(expected: Expected): boolean {
    const { view, at } = this
    const { size, words } = expected
    // The last word may begin before the expected bytes do, but not before the buffer, since they are inside
    // a container.
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
