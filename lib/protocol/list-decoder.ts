import { type FrameOwner, type ListReader, MALFORMED } from './frame'
import type { Reader } from './reader'
import type { Scanner } from './scanner'

/** A list of which some elements may still be missing. */
interface PartialList {
  readonly owner: FrameOwner
  readonly reader: ListReader
  /** The error of its header. */
  readonly error: string
  readonly elements: unknown[]
  /** How many elements are missing. */
  missing: number
  /** How much of the message has been read: bytes, and values. */
  bytes: number
  values: number
}

/** How deep in a message the elements of a list are: in a map, in an array. */
const ELEMENT_LEVEL = 2

/**
 * Reads a body that is one long list element by element as it arrives, so that no element waits for the
 * others. `FrameDecoder` gives it the bytes from the beginning of the list on, for as long as it is active.
 */
export class ListDecoder {
  private list: PartialList | undefined
  /** Whether the next bytes are the rest of a malformed list. */
  private skipping = false
  /** How many elements have been read. */
  elementsRead = 0

  constructor(
    private readonly scanner: Scanner,
    private readonly reader: Reader,
  ) {}

  /** Whether the next bytes belong to a list. */
  get active(): boolean {
    return this.list !== undefined || this.skipping
  }

  /**
   * Begins a list and returns where its first element begins; -1 when it is no list, or when its beginning is
   * incomplete.
   */
  open(owner: FrameOwner, error: string, bytes: Buffer, at: number, end: number): number {
    const { reader } = this
    const { list } = owner
    if (!list) return -1
    reader.begin(bytes, at, end, false)
    const missing = list.open(reader)
    if (missing < 1 || reader.fault) return -1
    const read = reader.at - at
    // The map, its key and the array are values too.
    const values = 3 + missing
    this.scanner.demand(read, values)
    this.list = { owner, reader: list, error, elements: [], missing, bytes: read, values }
    return reader.at
  }

  /** Reads what is complete and returns where the rest begins; -1 when nothing is complete. */
  decode(bytes: Buffer, at: number, end: number): number {
    return this.list ? this.readElements(this.list, bytes, at, end) : this.skip(bytes, at, end)
  }

  private readElements(list: PartialList, bytes: Buffer, at: number, end: number): number {
    const { reader, scanner } = this
    let from = at
    while (list.missing > 0 && from < end) {
      let next = -1
      let element: unknown
      if (scanner.idle) {
        reader.begin(bytes, from, end, false)
        element = list.reader.readCanonicalElement(reader)
        if (element === undefined || reader.fault) scanner.within(ELEMENT_LEVEL, list.bytes, list.values)
        else {
          next = reader.at
          list.values += reader.values
        }
      }
      if (next < 0) {
        next = scanner.scan(bytes, from, end)
        if (next < 0) break
        list.values = scanner.counted
        reader.begin(bytes, from, next, true)
        element = list.reader.readElement(reader)
        if (reader.fault || reader.at !== next) return this.onMalformed(list, from, next)
      }
      list.bytes += next - from
      list.missing--
      list.elements.push(element)
      this.elementsRead++
      from = next
    }
    scanner.demand(list.bytes + (list.missing > 0 ? end - from : 0), list.values)
    if (list.missing === 0) {
      this.list = undefined
      scanner.reset()
      list.owner.onFrame(list.error, list.elements)
    }
    return from === at ? -1 : from
  }

  /** Ends a list at a malformed element. The rest of the list is skipped as if it were one object. */
  private onMalformed(list: PartialList, from: number, next: number): number {
    const missing = list.missing - 1
    this.list = undefined
    this.scanner.within(ELEMENT_LEVEL, list.bytes + next - from, list.values, missing)
    this.skipping = missing > 0
    if (!this.skipping) this.scanner.reset()
    list.owner.onFrame(list.error, MALFORMED)
    return next
  }

  private skip(bytes: Buffer, at: number, end: number): number {
    const next = this.scanner.scan(bytes, at, end)
    if (next >= 0) this.skipping = false
    return next
  }
}
