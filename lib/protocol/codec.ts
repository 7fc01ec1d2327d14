import { Packr, Unpackr } from 'msgpackr'

/** Maps and integers as Go's codec writes them; msgpackr's own "records" would make an agent hang up. */
const packr = new Packr({ useRecords: false, variableMapSize: true })

/**
 * Maps become `Map`s first, because msgpackr renames a key `__proto__` where it makes objects. Strings and bytes are copied
 * out, since the bytes given are borrowed.
 */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, copyBuffers: true })

/** What MessagePack, as an agent reads it, can carry. */
export type WireValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly WireValue[]
  | { readonly [key: string]: WireValue | undefined }

/** The bytes of a request: header and body as one piece, so that they leave in one write. */
export function encodeRequest(command: string, seq: number, body: WireValue | undefined): Buffer {
  const header = packr.pack({ Command: command, Seq: seq < 2 ** 32 ? seq : BigInt(seq) })
  return body === undefined ? header : Buffer.concat([header, packr.pack(body)])
}

/** Decodes one whole object that the scanner has passed, with Serf's own names. */
export function decode(bytes: Uint8Array): unknown {
  return plain(unpackr.unpack(bytes))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  // A 64-bit integer arrives as a bigint however small it is.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (!(value instanceof Map)) return value
  return Object.fromEntries(
    Array.from(value, ([key, entry]: [unknown, unknown]) => [String(key), plain(entry)]),
  )
}

/**
 * Whatever a user hands in for the wire, made fit for it, or a `TypeError` or `RangeError` that names the place: an agent hangs up
 * without a word on a float or an extension, which is what msgpackr makes of large integers, `undefined` and dates.
 */
export function toWire(value: unknown, place: string): WireValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return integer(value, place)
    case 'bigint':
      if (value < -(2n ** 63n) || value >= 2n ** 64n)
        throw new RangeError(`${place} does not fit into 64 bits: ${value}`)
      return value
    case 'object':
      return compound(value, place)
    default:
      throw new TypeError(`${place} is ${typeof value}, which the wire cannot carry`)
  }
}

function integer(value: number, place: string): number | bigint {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${place} is ${value}, but Serf takes integers only; beyond 2^53 pass a bigint`)
  }
  return value >= 2 ** 32 || value < -(2 ** 31) ? BigInt(value) : value
}

function compound(value: object | null, place: string): WireValue {
  if (value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map((entry, index) => toWire(entry, `${place}[${index}]`))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${place} is a ${value.constructor.name}, which the wire cannot carry`)
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, toWire(entry, `${place}.${key}`)]),
  )
}
