import { ProtocolError } from '../errors'
import { decode } from './codec'
import { type Header, readHeader, readSuccess } from './header'
import { Reader } from './reader'
import { PendingBytes } from './pending-bytes'
import { Scanner } from './scanner'

/** How to read a body that is one long list while it arrives, instead of when it is whole. */
export interface ListReader {
  /** Reads what precedes the elements and returns how many there are; -1 when it is no such list. */
  open(reader: Reader): number
  /** Reads a whole element in the canonical encoding. Anything else is `undefined` or a fault, and `readElement` reads it. */
  readCanonicalElement(reader: Reader): unknown
  /** Reads a whole element in any encoding. */
  readElement(reader: Reader): unknown
}

/** The request that a frame belongs to. */
export interface FrameOwner {
  /** Set where the body may be such a list: then `onFrame` gets an array of its elements. */
  readonly list?: ListReader | undefined
  /** Whether a body comes after this header. */
  expectsBody(error: string): boolean
  /** Reads a whole body in the canonical encoding. Anything else is `undefined` or a fault, and `read` reads it. */
  readCanonical(reader: Reader): unknown
  /** Reads a whole body in any encoding. What does not fit is a fault of the reader. */
  read(reader: Reader): unknown
  /** The frame is complete and no error; `body` is what `readCanonical` gave. */
  onCanonicalBody(body: unknown): void
  /** The frame is complete; `body` is what `read` gave, `undefined` without one, `MALFORMED` where it did not fit. */
  onFrame(error: string, body: unknown): void
}

/** Stands for a body that is MessagePack but not what this reply has. */
export const MALFORMED = Symbol('malformed')

/** One decoded message as it was on the wire, in Serf's own names. */
export interface Frame {
  header: { seq: number; error: string }
  body?: unknown
}

export interface FrameSink {
  /** Who waits for frames of this seq; `undefined` if nobody does (any more). */
  ownerOf(seq: number): FrameOwner | undefined
  /** Whether somebody wants to see every frame. */
  readonly observed: boolean
  emit(frame: Frame): void
}

/** A list under way. */
interface Listing {
  readonly owner: FrameOwner
  readonly list: ListReader
  readonly elements: unknown[]
  left: number
  /** What has been read of the body. */
  bytes: number
  values: number
}

/** A map of two, with both keys and values. */
const HEADER_VALUES = 5
/** Where the elements of a list lie: in a map, in an array. */
const LIST_LEVEL = 2

/** Most frames are smaller. */
const FIRST_BYTES = 256

/**
 * Turns chunks into frames: finds headers and bodies and gives each to its owner. Chunks are borrowed: nothing refers to one
 * after `push`. What is whole and in the canonical encoding is read in place. An incomplete end is kept; it and everything else is
 * scanned as it grows, and read when it is whole. So every byte is looked at two or three times, however the stream was cut.
 */
export class FrameDecoder {
  private listing: Listing | undefined
  private readonly scanner: Scanner
  private readonly reader: Reader
  private readonly header: Header = { seq: 0, error: '' }
  /** The owner of the body that comes next. */
  private owner: FrameOwner | undefined
  /** The last header had no owner: what comes next may be its body, or another header. */
  private stray = false
  /** What comes next is the rest of a malformed list. */
  private skipping = false
  private stopped = false
  /** How many frames, and elements of a long list, have been read. */
  framesRead = 0
  /** The incomplete end of the last chunks. */
  private readonly pending = new PendingBytes()

  constructor(
    maxBytes: number,
    private readonly sink: FrameSink,
  ) {
    this.scanner = new Scanner(maxBytes)
    this.reader = new Reader(new Scanner(maxBytes))
  }

  /** Whether the bytes so far end within a frame. */
  get midFrame(): boolean {
    return this.pending.size > 0 || this.owner !== undefined || this.listing !== undefined || this.skipping
  }

  /** Stops delivery, also of the current chunk. */
  stop(): void {
    this.stopped = true
    this.pending.clear()
  }

  /** Throws a `ProtocolError` on bytes that are not the protocol: the connection cannot go on. */
  push(chunk: Buffer): void {
    const { pending } = this
    let from = 0
    // The pending bytes mostly lack only the first few of this chunk. These are appended, more at each try, until the object is whole.
    while (pending.size > 0 && from < chunk.length) {
      const before = pending.size
      const more = Math.min(chunk.length - from, Math.max(FIRST_BYTES, before))
      pending.append(chunk, from, from + more)
      const done = this.decode(pending.bytes, 0, pending.size)
      if (this.stopped) return
      if (done <= before) {
        pending.drop(done)
        from += more
      } else {
        pending.clear()
        from += done - before
      }
    }
    const done = this.decode(chunk, from, chunk.length)
    if (done < chunk.length && !this.stopped) pending.append(chunk, done, chunk.length)
  }

  /** Gives out what is whole and returns where the rest begins. */
  private decode(bytes: Buffer, from: number, end: number): number {
    let at = from
    for (;;) {
      at = this.decodeCanonical(bytes, at, end)
      if (this.owner?.expectsBody(this.header.error) === false) {
        this.bareReply(this.owner)
        continue
      }
      if (at === end || this.stopped) return at
      const next = this.next(bytes, at, end)
      if (next < 0) return at
      at = next
    }
  }

  private bareReply(owner: FrameOwner): void {
    this.owner = undefined
    this.framesRead++
    owner.onFrame('', undefined)
  }

  private next(bytes: Buffer, at: number, end: number): number {
    if (this.listing) return this.elements(this.listing, bytes, at, end)
    if (this.skipping) return this.skip(bytes, at, end)
    return this.owner ? this.body(this.owner, bytes, at, end) : this.head(bytes, at, end)
  }

  /**
   * Hands out what is whole and in the canonical encoding, and returns where something else begins. It reads
   * a header that has no body and leaves the reply to the caller. Nearly all of a busy connection passes here, so this
   * code avoids branches that are taken only now and then: V8 would discard what it has compiled.
   */
  private decodeCanonical(bytes: Buffer, from: number, end: number): number {
    const { reader, scanner, sink } = this
    if (this.listing || this.skipping || !scanner.idle || this.header.error !== '') return from
    let at = from
    reader.begin(bytes, at, end, false)
    while (at < end && !this.stopped && !sink.observed) {
      let owner = this.owner
      if (!owner) {
        const seq = readSuccess(reader)
        owner = seq < 0 ? undefined : sink.ownerOf(seq)
        if (!owner || !scanner.allows(reader.at - at, HEADER_VALUES)) return at
        this.header.seq = seq
        this.header.error = ''
        this.stray = false
        at = reader.at
        this.owner = owner
        if (!owner.expectsBody('')) return at
      }
      reader.values = 0
      const body = owner.readCanonical(reader)
      if (body === undefined || reader.fault || !scanner.allows(reader.at - at, 1 + reader.values)) return at
      at = reader.at
      this.owner = undefined
      this.framesRead++
      owner.onCanonicalBody(body)
    }
    return at
  }

  /** Reads a header and returns where it ends, -1 when it is incomplete. */
  private head(bytes: Buffer, at: number, end: number): number {
    const next = this.scanner.scan(bytes, at, end)
    if (next < 0) return next
    this.reader.begin(bytes, at, next, true)
    if (!readHeader(this.reader, this.header)) return this.strayBody(bytes, at, next, end)
    this.stray = false
    const { seq, error } = this.header
    const owner = this.sink.ownerOf(seq)
    if (owner?.expectsBody(error)) {
      this.owner = owner
      return next
    }
    this.stray = owner === undefined
    this.framesRead++
    if (this.sink.observed) this.sink.emit({ header: { seq, error } })
    owner?.onFrame(error, undefined)
    return next
  }

  /** Skips the body of a header without an owner. After any other header it is not the protocol. */
  private strayBody(bytes: Buffer, at: number, next: number, end: number): number {
    if (!this.stray) {
      const shown = bytes.toString('latin1', at, Math.min(end, at + 24)).replace(/[^ -~]/g, '.')
      throw new ProtocolError(
        `what came is not the reply of a Serf agent, it begins with ${JSON.stringify(shown)}; is the port that of another service?`,
      )
    }
    this.stray = false
    if (this.sink.observed)
      this.sink.emit({ header: { ...this.header }, body: decode(bytes.subarray(at, next)) })
    return next
  }

  /** Reads a body, or the beginning of a list, and returns where it ends, -1 when it is incomplete. */
  private body(owner: FrameOwner, bytes: Buffer, at: number, end: number): number {
    const { reader, scanner, sink } = this
    if (owner.list && scanner.idle && !sink.observed) {
      const first = this.openList(owner, owner.list, bytes, at, end)
      if (first >= 0) return first
    }
    const next = scanner.scan(bytes, at, end)
    if (next < 0) return next
    reader.begin(bytes, at, next, true)
    let body = owner.read(reader)
    if (reader.fault || reader.at !== next) body = MALFORMED
    this.owner = undefined
    this.framesRead++
    const { seq, error } = this.header
    if (sink.observed) sink.emit({ header: { seq, error }, body: decode(bytes.subarray(at, next)) })
    owner.onFrame(error, body)
    return next
  }

  /** Begins a list and returns where its first element begins; -1 when it is no list, or too little of it is there. */
  private openList(owner: FrameOwner, list: ListReader, bytes: Buffer, at: number, end: number): number {
    const reader = this.reader
    reader.begin(bytes, at, end, false)
    const left = list.open(reader)
    if (left < 1 || reader.fault) return -1
    // The map, its key and the array count too.
    const values = 3 + left
    const listing = { owner, list, elements: [], left, bytes: reader.at - at, values }
    this.scanner.demand(listing.bytes, listing.values)
    this.listing = listing
    this.owner = undefined
    return reader.at
  }

  /** Reads the elements that are complete and returns where the next one begins; -1 when there is none. */
  private elements(listing: Listing, bytes: Buffer, at: number, end: number): number {
    const reader = this.reader
    let from = at
    while (listing.left > 0 && from < end) {
      let next = -1
      let element: unknown
      if (this.scanner.idle) {
        reader.begin(bytes, from, end, false)
        element = listing.list.readCanonicalElement(reader)
        if (element === undefined || reader.fault)
          this.scanner.within(LIST_LEVEL, listing.bytes, listing.values)
        else {
          next = reader.at
          listing.values += reader.values
        }
      }
      if (next < 0) {
        next = this.scanner.scan(bytes, from, end)
        if (next < 0) break
        listing.values = this.scanner.counted
        reader.begin(bytes, from, next, true)
        element = listing.list.readElement(reader)
        if (reader.fault || reader.at !== next) return this.malformedList(listing, from, next)
      }
      listing.bytes += next - from
      listing.left--
      listing.elements.push(element)
      this.framesRead++
      from = next
    }
    this.scanner.demand(listing.bytes + (listing.left > 0 ? end - from : 0), listing.values)
    if (listing.left === 0) {
      this.listing = undefined
      this.scanner.reset()
      listing.owner.onFrame(this.header.error, listing.elements)
    }
    return from === at ? -1 : from
  }

  /** Ends a list at an element that is none. What is left of it is skipped as if it were one object. */
  private malformedList(listing: Listing, from: number, next: number): number {
    const left = listing.left - 1
    this.listing = undefined
    this.scanner.within(LIST_LEVEL, listing.bytes + next - from, listing.values, left)
    this.skipping = left > 0
    if (!this.skipping) this.scanner.reset()
    listing.owner.onFrame(this.header.error, MALFORMED)
    return next
  }

  private skip(bytes: Buffer, at: number, end: number): number {
    const next = this.scanner.scan(bytes, at, end)
    if (next >= 0) this.skipping = false
    return next
  }
}
