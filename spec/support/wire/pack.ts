/**
 * A value as MessagePack, as an agent writes it. This encoder shares no code with the library, so it does not
 * share its mistakes. Keys keep their order, whole numbers take the smallest unsigned format, other numbers
 * are doubles, bytes are bin.
 */
export type Packable =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | Encoded
  | readonly Packable[]
  | { readonly [key: string]: Packable }

/** Bytes that become part of the message as they are. */
export class Encoded {
  constructor(readonly bytes: Uint8Array) {}
}

export const encoded = (...bytes: number[]): Encoded => new Encoded(Uint8Array.from(bytes))

/** A signed integer of 64 bits, however small. */
export function int64(value: bigint): Encoded {
  const bytes = Buffer.alloc(9, 0xd3)
  bytes.writeBigInt64BE(value, 1)
  return new Encoded(bytes)
}

export function double(value: number): Encoded {
  const bytes = Buffer.alloc(9, 0xcb)
  bytes.writeDoubleBE(value, 1)
  return new Encoded(bytes)
}

export function pack(value: Packable): Buffer {
  if (value === null) return Buffer.from([0xc0])
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2])
  if (typeof value === 'number' && !Number.isInteger(value)) return pack(double(value))
  if (typeof value === 'number' || typeof value === 'bigint') return packInteger(BigInt(value))
  if (typeof value === 'string')
    return Buffer.concat([lengthOf(STR, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Encoded) return Buffer.from(value.bytes)
  if (value instanceof Uint8Array) return Buffer.concat([lengthOf(BIN, value.length), value])
  if (isList(value)) return Buffer.concat([lengthOf(ARRAY, value.length), ...value.map(pack)])
  return packEntries(Object.entries(value))
}

/** A map that no object literal can make: with a key `__proto__`, or with the same key twice. */
export function packEntries(entries: readonly (readonly [string, Packable])[]): Buffer {
  return Buffer.concat([
    lengthOf(MAP, entries.length),
    ...entries.flatMap(([key, entry]) => [pack(key), pack(entry)]),
  ])
}

/** The header of a reply or record. */
export const header = (seq: number | bigint, error = ''): Buffer => pack({ Error: error, Seq: seq })

/** Header and body. */
export const frame = (seq: number | bigint, body: Packable, error = ''): Buffer =>
  Buffer.concat([header(seq, error), pack(body)])

/**
 * Type bytes of a kind: the first short form, the number of short forms, then those with 1, 2 and 4 bytes of
 * length. 0 for none.
 */
const STR = [0xa0, 32, 0xd9, 0xda, 0xdb] as const
const BIN = [0, 0, 0xc4, 0xc5, 0xc6] as const
const ARRAY = [0x90, 16, 0, 0xdc, 0xdd] as const
const MAP = [0x80, 16, 0, 0xde, 0xdf] as const

function lengthOf(
  [short, shorts, one, two, four]: readonly [number, number, number, number, number],
  length: number,
): Buffer {
  if (length < shorts) return Buffer.from([short + length])
  if (one !== 0 && length <= 0xff) return Buffer.from([one, length])
  if (length <= 0xffff) return withUint16(two, length)
  const bytes = Buffer.from([four, 0, 0, 0, 0])
  bytes.writeUInt32BE(length, 1)
  return bytes
}

function packInteger(value: bigint): Buffer {
  if (value < 0n) return packNegative(value)
  if (value < 0x80n) return Buffer.from([Number(value)])
  if (value <= 0xffn) return Buffer.from([0xcc, Number(value)])
  if (value <= 0xffffn) return withUint16(0xcd, Number(value))
  const wide = value > 0xffff_ffffn
  const bytes = Buffer.alloc(wide ? 9 : 5, wide ? 0xcf : 0xce)
  if (wide) bytes.writeBigUInt64BE(value, 1)
  else bytes.writeUInt32BE(Number(value), 1)
  return bytes
}

function packNegative(value: bigint): Buffer {
  if (value >= -0x20n) return Buffer.from([Number(value) + 0x100])
  return pack(int64(value))
}

function withUint16(type: number, value: number): Buffer {
  const bytes = Buffer.from([type, 0, 0])
  bytes.writeUInt16BE(value, 1)
  return bytes
}

function isList(value: object): value is readonly Packable[] {
  return Array.isArray(value)
}
