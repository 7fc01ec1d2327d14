import { ProtocolError } from '../errors'
import { BYTES_PER_VALUE, MAX_DEPTH } from './limits'

/**
 * Finds the end of a MessagePack object without decoding or allocating anything. It remembers its position,
 * so it looks only once at an object that arrives in a thousand pieces. It refuses an object as soon as that
 * claims too many bytes, values or levels, and it refuses extensions and the byte 0xc1, which MessagePack
 * does not define.
 */
export class Scanner {
  private readonly maxBytes: number
  private readonly maxValues: number
  /** How many values each open container still waits for. */
  private readonly awaited = new Float64Array(MAX_DEPTH + 1)
  private depth = 0
  private values = 0
  private scanned = 0
  /** How deep in its message the object is, and how many bytes of the message come before it. */
  private level = 0
  private before = 0
  /** How many values the message holds up to the end of the last object. */
  counted = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
    this.maxValues = maxBytes / BYTES_PER_VALUE
    this.reset()
  }

  /** Whether it is not in the middle of an object. */
  get idle(): boolean {
    return this.scanned === 0
  }

  /** Forgets the object that it is in the middle of. */
  reset(): void {
    this.within(0, 0, 1)
  }

  /**
   * Makes the next object a part of a message: at this depth, after this many bytes and values of it.
   * @param objects How many objects in a row count as one.
   */
  within(level: number, before: number, values: number, objects = 1): void {
    this.scanned = 0
    this.level = level
    this.before = before
    this.depth = level
    this.values = values
    this.awaited[level] = objects
  }

  /**
   * Scans the object that begins at `start`, as far as `end`. Returns where the object ends, or -1 when bytes
   * are missing: then call again with the same object and more bytes.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    const { awaited, level } = this
    const most = start + this.maxBytes - this.before
    let depth = this.depth
    let at = start + this.scanned
    while (at < end) {
      const type = bytes[at] as number
      const prefix = prefixOf(type)
      if (at + prefix > end) break
      const claim = prefix === 1 ? shortClaim(type) : longClaim(type, bytes, at)
      const isContainer = type < 0xa0 ? type >= 0x80 : type >= 0xdc && type < 0xe0
      const next = isContainer ? at + prefix : at + prefix + claim
      if (next > most) throw this.tooLarge()
      if (next > end) break
      at = next
      if (isContainer && claim > 0) {
        this.values += claim
        if (this.values > this.maxValues) throw this.tooMany()
        if (depth === MAX_DEPTH)
          throw new ProtocolError(`a message is nested deeper than ${MAX_DEPTH} levels`)
        awaited[++depth] = claim
        continue
      }
      while ((awaited[depth] = (awaited[depth] as number) - 1) === 0) {
        if (depth-- === level) {
          this.counted = this.values
          this.reset()
          return at
        }
      }
    }
    this.scanned = at - start
    this.depth = depth
    return -1
  }

  /** Whether a message may have this size. */
  allows(bytes: number, values: number): boolean {
    return bytes <= this.maxBytes && values <= this.maxValues
  }

  /** Throws unless a message may have this size. */
  demand(bytes: number, values: number): void {
    if (bytes > this.maxBytes) throw this.tooLarge()
    if (values > this.maxValues) throw this.tooMany()
  }

  private tooLarge(): ProtocolError {
    return new ProtocolError(
      `a message is larger than ${this.maxBytes} bytes; if that is expected, raise the option maxFrameBytes`,
    )
  }

  private tooMany(): ProtocolError {
    return new ProtocolError(
      `a message claims to hold more than ${this.maxValues} values; if that is expected, raise the option maxFrameBytes`,
    )
  }
}

/** The number of bytes of a type and of the length after it. */
function prefixOf(type: number): number {
  if (type < 0xc4 || type >= 0xe0) return 1
  return PREFIX[type - 0xc4] as number
}

/** The length that a type of one byte contains: bytes of a string or scalar, or values of a container. */
function shortClaim(type: number): number {
  if (type < 0x80 || type >= 0xe0) return 0
  if (type < 0x90) return 2 * (type & 0x0f)
  if (type < 0xa0) return type & 0x0f
  if (type < 0xc0) return type & 0x1f
  const size = FIXED[type - 0xc0] as number
  if (size >= 0) return size
  throw new ProtocolError(
    type === 0xc1
      ? 'byte 0xc1 begins no MessagePack value'
      : `MessagePack extension 0x${type.toString(16)} is not part of Serf's protocol`,
  )
}

/** The length that follows a type. */
function longClaim(type: number, bytes: Uint8Array, at: number): number {
  switch (type) {
    case 0xc4: // bin 8
    case 0xd9: // str 8
      return bytes[at + 1] as number
    case 0xc5: // bin 16
    case 0xda: // str 16
    case 0xdc: // array 16
      return readUint16(bytes, at + 1)
    case 0xc6: // bin 32
    case 0xdb: // str 32
    case 0xdd: // array 32
      return readUint32(bytes, at + 1)
    case 0xde: // map 16
      return 2 * readUint16(bytes, at + 1)
    default: // map 32
      return 2 * readUint32(bytes, at + 1)
  }
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 0x1000000 + ((readUint16(bytes, at + 1) << 8) | (bytes[at + 3] as number))
}

//              bin      ext      float uint        int         fixext         str      array map
const PREFIX = [2, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 3, 5, 3, 5]
/** How many bytes follow nil, the booleans, floats and integers; -1 for a type that is refused. */
//             nil    false    bin      ext         float uint        int         fixext
const FIXED = [0, -1, 0, 0, 0, 0, 0, -1, -1, -1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, -1, -1, -1, -1, -1]
