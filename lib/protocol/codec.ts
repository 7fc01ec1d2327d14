import type * as msgpackr from 'msgpackr'
import { Writer, type WireValue } from './writer'

let unpackr: msgpackr.Unpackr | undefined

/**
 * The general decoder. It is loaded when it is first needed, because it is larger than all of serfx, and most
 * programs never receive a message without a reader of its own.
 */
function generalDecoder(): msgpackr.Unpackr {
  if (unpackr) return unpackr
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at the start
  const { Unpackr } = require('msgpackr') as typeof msgpackr
  // Maps are decoded as `Map`, because msgpackr renames a key `__proto__` when it makes objects. Bytes are
  // copied, because the input is borrowed.
  return (unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, copyBuffers: true }))
}

/** The header of a request up to its seq, by command. */
const prefixes = new Map<string, Buffer>()

/** Writes a request: header and body. */
export function writeRequest(
  writer: Writer,
  command: string,
  seq: number,
  body: WireValue | undefined,
): void {
  writer.raw(prefixes.get(command) ?? prefixOf(command))
  writer.integer(seq)
  if (body !== undefined) writer.value(body)
}

function prefixOf(command: string): Buffer {
  const writer = new Writer()
  writer.value({ Command: command, Seq: 0 })
  const encoded = writer.flush()
  // The last byte is the seq. Raw requests can have any number of names, so the cache is bounded.
  const prefix = encoded.subarray(0, -1)
  if (prefixes.size < 64) prefixes.set(command, prefix)
  return prefix
}

/** Decodes one whole object that the scanner has checked, with Serf's own names. */
export function decode(bytes: Uint8Array): unknown {
  return plain(generalDecoder().unpack(bytes))
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
 * Copies a user's value for the wire. A value that the wire cannot carry throws a `TypeError` or `RangeError`
 * that names its place.
 */
export function toWire(value: unknown, place: string): WireValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isSafeInteger(value)) return value
      throw new RangeError(`${place} is ${value}, but Serf takes integers only; beyond 2^53 pass a bigint`)
    case 'bigint':
      if (value >= -(2n ** 63n) && value < 2n ** 64n) return value
      throw new RangeError(`${place} does not fit into 64 bits: ${value}`)
    case 'object':
      return compound(value, place)
    default:
      throw new TypeError(`${place} is ${typeof value}, which the wire cannot carry`)
  }
}

function compound(value: object | null, place: string): WireValue {
  if (value === null) return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  // Unlike `map`, this also visits holes.
  if (Array.isArray(value)) return Array.from(value, (entry, index) => toWire(entry, `${place}[${index}]`))
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
