import { ProtocolError } from '../errors'
import { decode } from './codec'
import { type FrameOwner, type FrameSink, MALFORMED } from './frame'
import { type Header, readHeader, readSuccess } from './header'
import { ListDecoder } from './list-decoder'
import { PendingBytes } from './pending-bytes'
import { Reader } from './reader'
import { Scanner } from './scanner'

/** The values in a header: a map with two keys and two values. */
const HEADER_VALUES = 5

/** Most frames are smaller. */
const FIRST_BYTES = 256

/**
 * Turns chunks into frames: finds headers and bodies and gives each to its owner. Chunks are borrowed:
 * nothing refers to one after `push`. A frame that is whole and in the canonical encoding is read in place.
 * The incomplete end of a chunk is kept. It and any other frame are scanned as they grow, and read when they
 * are whole. So every byte is looked at two or three times, however the stream was cut.
 */
export class FrameDecoder {
  private readonly scanner: Scanner
  private readonly reader: Reader
  private readonly lists: ListDecoder
  private readonly header: Header = { seq: 0, error: '' }
  /** The owner of the next body. */
  private owner: FrameOwner | undefined
  /** The last header had no owner, so the next object may be its body, or another header. */
  private stray = false
  private stopped = false
  private frames = 0
  /** The incomplete end of the last chunks. */
  private readonly pending = new PendingBytes()

  constructor(
    maxBytes: number,
    private readonly sink: FrameSink,
  ) {
    this.scanner = new Scanner(maxBytes)
    this.reader = new Reader(new Scanner(maxBytes))
    this.lists = new ListDecoder(this.scanner, this.reader)
  }

  /** Whether the bytes so far end within a frame. */
  get midFrame(): boolean {
    return this.pending.size > 0 || this.owner !== undefined || this.lists.active
  }

  /** How many frames, and elements of long lists, have been read. */
  get framesRead(): number {
    return this.frames + this.lists.elementsRead
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
    // Mostly the pending object lacks only the first few bytes of this chunk. They are appended, more at each
    // try, until it is whole.
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

  /** Decodes what is whole and returns where the rest begins. */
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

  /** Delivers a successful header that has no body. */
  private bareReply(owner: FrameOwner): void {
    this.owner = undefined
    this.frames++
    owner.onFrame('', undefined)
  }

  private next(bytes: Buffer, at: number, end: number): number {
    if (this.lists.active) return this.lists.decode(bytes, at, end)
    return this.owner ? this.body(this.owner, bytes, at, end) : this.head(bytes, at, end)
  }

  /**
   * Decodes frames that are whole and in the canonical encoding, and returns where something else begins. It
   * reads a header that has no body, and leaves its delivery to the caller. Nearly all frames of a busy
   * connection take this path, so it avoids branches that are rarely taken: they would make V8 discard the
   * compiled code.
   */
  private decodeCanonical(bytes: Buffer, from: number, end: number): number {
    const { reader, scanner, sink } = this
    if (this.lists.active || !scanner.idle || this.header.error !== '') return from
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
      this.frames++
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
    this.frames++
    if (this.sink.observed) this.sink.emit({ header: { seq, error } })
    owner?.onFrame(error, undefined)
    return next
  }

  /**
   * Skips the body of a header that has no owner. After any other header, an object that is no header is not
   * the protocol.
   */
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
      const first = this.lists.open(owner, this.header.error, bytes, at, end)
      if (first >= 0) {
        this.owner = undefined
        return first
      }
    }
    const next = scanner.scan(bytes, at, end)
    if (next < 0) return next
    reader.begin(bytes, at, next, true)
    let body = owner.read(reader)
    if (reader.fault || reader.at !== next) body = MALFORMED
    this.owner = undefined
    this.frames++
    const { seq, error } = this.header
    if (sink.observed) sink.emit({ header: { seq, error }, body: decode(bytes.subarray(at, next)) })
    owner.onFrame(error, body)
    return next
  }
}
