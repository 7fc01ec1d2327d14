import { ProtocolError } from '../errors'
import { decode } from './codec'
import { type Header, readHeader } from './header'
import { Reader } from './reader'
import { Scanner } from './scanner'

/** Whom a frame belongs to. */
export interface FrameOwner {
  /** Whether a body comes after this header. */
  expectsBody(error: string): boolean
  /** Reads the body where it lies; what does not fit is a fault of the reader. */
  read(reader: Reader): unknown
  /** The frame is complete; `body` is what `read` gave, `undefined` without one, `MALFORMED` where it did not fit. */
  accept(error: string, body: unknown): void
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
  readonly tapped: boolean
  tap(frame: Frame): void
}

/** Larger buffers are given back once they are empty. */
const KEPT_BYTES = 1024 * 1024
const FIRST_BYTES = 16 * 1024

/**
 * Chunks in, frames out: finds headers and bodies and hands each to its owner. Chunks are borrowed: nothing points into one
 * after `push`. Every byte is looked at once or twice, however the stream was cut: a record is first read where it lies, and only
 * what is cut short (or does not fit at first sight) is kept, scanned as it grows, and read again when it is whole.
 */
export class FrameDecoder {
  readonly #maxBytes: number
  readonly #scanner: Scanner
  readonly #reader: Reader
  readonly #header: Header = { seq: 0, error: '' }
  /** The owner of the body that comes next. */
  #owner: FrameOwner | undefined
  /** The last header was nobody's: what comes next may be its body, or another header. */
  #stray = false
  #stopped = false
  /** What is left of the last chunks, from its start. */
  #kept: Buffer = Buffer.alloc(0)
  #keptBytes = 0

  constructor(
    maxFrameBytes: number,
    private readonly sink: FrameSink,
  ) {
    this.#maxBytes = maxFrameBytes
    this.#scanner = new Scanner(maxFrameBytes)
    this.#reader = new Reader(new Scanner(maxFrameBytes))
  }

  /** Whether the bytes so far end within a frame. */
  get midFrame(): boolean {
    return this.#keptBytes > 0 || this.#owner !== undefined
  }

  /** Delivers nothing more, also not of the chunk it is at. */
  stop(): void {
    this.#stopped = true
    this.#kept = Buffer.alloc(0)
    this.#keptBytes = 0
  }

  /** Throws a `ProtocolError` on bytes that are not the protocol: the connection cannot go on. */
  push(chunk: Buffer): void {
    if (this.#keptBytes === 0) {
      const done = this.#decode(chunk, chunk.length)
      if (done < chunk.length && !this.#stopped) this.#keep(chunk, done)
      return
    }
    this.#append(chunk)
    const done = this.#decode(this.#kept, this.#keptBytes)
    if (done === 0 || this.#stopped) return
    this.#kept.copyWithin(0, done, this.#keptBytes)
    this.#keptBytes -= done
    if (this.#keptBytes === 0 && this.#kept.length > KEPT_BYTES) this.#kept = Buffer.alloc(0)
  }

  #keep(chunk: Buffer, from: number): void {
    this.#append(from === 0 ? chunk : chunk.subarray(from))
  }

  #append(chunk: Buffer): void {
    const needed = this.#keptBytes + chunk.length
    if (needed > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * needed))
      this.#kept.copy(grown, 0, 0, this.#keptBytes)
      this.#kept = grown
    }
    chunk.copy(this.#kept, this.#keptBytes)
    this.#keptBytes = needed
  }

  /** Hands out what is whole and returns how far it came. */
  #decode(bytes: Buffer, end: number): number {
    let at = 0
    while (at < end && !this.#stopped) {
      const next = this.#owner ? this.#body(this.#owner, bytes, at, end) : this.#head(bytes, at, end)
      if (next < 0) break
      at = next
    }
    return at
  }

  /** Takes a header and returns where it ends, -1 when it is not all there. */
  #head(bytes: Buffer, at: number, end: number): number {
    const reader = this.#reader
    reader.begin(bytes, at, end, false)
    let isHeader = this.#scanner.idle && readHeader(reader, this.#header)
    let next = reader.at
    if (!isHeader) {
      next = this.#scanner.scan(bytes, at, end)
      if (next < 0) return next
      reader.begin(bytes, at, next, true)
      isHeader = readHeader(reader, this.#header)
    }
    if (!isHeader) return this.#strayBody(bytes, at, next)
    this.#stray = false
    const { seq, error } = this.#header
    const owner = this.sink.ownerOf(seq)
    if (owner?.expectsBody(error)) {
      this.#owner = owner
      return next
    }
    this.#stray = owner === undefined
    if (this.sink.tapped) this.sink.tap({ header: { seq, error } })
    owner?.accept(error, undefined)
    return next
  }

  /** Passes over the body of a header that was nobody's. After any other header it is not the protocol. */
  #strayBody(bytes: Buffer, at: number, next: number): number {
    if (!this.#stray) {
      const shown = bytes.toString('latin1', at, Math.min(next, at + 24)).replace(/[^ -~]/g, '.')
      throw new ProtocolError(
        `what came is not the reply of a Serf agent, it begins with ${JSON.stringify(shown)}; is the port that of another service?`,
      )
    }
    this.#stray = false
    if (this.sink.tapped)
      this.sink.tap({ header: { ...this.#header }, body: decode(bytes.subarray(at, next)) })
    return next
  }

  #body(owner: FrameOwner, bytes: Buffer, at: number, end: number): number {
    const reader = this.#reader
    let body: unknown
    let read = false
    if (this.#scanner.idle) {
      reader.begin(bytes, at, end, false)
      body = owner.read(reader)
      read = !reader.fault && reader.at - at <= this.#maxBytes
    }
    if (!read) {
      const next = this.#scanner.scan(bytes, at, end)
      if (next < 0) return next
      reader.begin(bytes, at, next, true)
      body = owner.read(reader)
      if (reader.fault || reader.at !== next) body = MALFORMED
      reader.at = next
    }
    const next = reader.at
    this.#owner = undefined
    const { seq, error } = this.#header
    if (this.sink.tapped) this.sink.tap({ header: { seq, error }, body: decode(bytes.subarray(at, next)) })
    owner.accept(error, body)
    return next
  }
}
