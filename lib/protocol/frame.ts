import type { Reader } from './reader'

/** One decoded message as it was on the wire, in Serf's own names. */
export interface Frame {
  header: { seq: number; error: string }
  body?: unknown
}

/** How to read a body that is one long list while it arrives. */
export interface ListReader {
  /** Reads what precedes the elements and returns how many there are; -1 when it is no such list. */
  open(reader: Reader): number
  /**
   * Reads a whole element in the canonical encoding. Anything else is `undefined` or a fault, and
   * `readElement` reads it.
   */
  readCanonicalElement(reader: Reader): unknown
  /** Reads a whole element in any encoding. */
  readElement(reader: Reader): unknown
}

/** The request that a frame belongs to. */
export interface FrameOwner {
  /** Set when the body may be such a list. Then `onFrame` gets an array of its elements. */
  readonly list?: ListReader | undefined
  /** Whether a body comes after this header. */
  expectsBody(error: string): boolean
  /**
   * Reads a whole body in the canonical encoding. Anything else is `undefined` or a fault, and `read` reads
   * it.
   */
  readCanonical(reader: Reader): unknown
  /** Reads a whole body in any encoding. A body that does not fit is a fault of the reader. */
  read(reader: Reader): unknown
  /** Called with a complete frame that has no error. `body` is the result of `readCanonical`. */
  onCanonicalBody(body: unknown): void
  /**
   * Called with a complete frame. `body` is the result of `read`, `undefined` without a body, `MALFORMED` if
   * it did not fit.
   */
  onFrame(error: string, body: unknown): void
}

/** Stands for a body that is MessagePack but not the reply to its command. */
export const MALFORMED = Symbol('malformed')

export interface FrameSink {
  /** The request that waits for frames of this seq; `undefined` if there is none (any more). */
  ownerOf(seq: number): FrameOwner | undefined
  /** Whether somebody wants to see every frame. */
  readonly observed: boolean
  emit(frame: Frame): void
}
