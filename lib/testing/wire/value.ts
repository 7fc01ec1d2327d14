import { Writer } from './writer'

/** Encodes a made-up value: keys in alphabetical order, whole numbers as integers, others as floats. */
export function encodeValue(value: unknown): Buffer {
  return write(new Writer(), value, 'the body').finish()
}

function write(writer: Writer, value: unknown, place: string): Writer {
  switch (typeof value) {
    case 'string':
      return writer.string(value)
    case 'boolean':
      return writer.bool(value)
    case 'bigint':
    case 'number':
      return isUnsigned(value) ? writer.uint(value) : writer.float(Number(value))
    case 'object':
      return compound(writer, value, place)
    default:
      throw new TypeError(`${place} is ${typeof value}, which the wire cannot carry`)
  }
}

function isUnsigned(value: number | bigint): boolean {
  return value >= 0 && (typeof value === 'bigint' || Number.isInteger(value))
}

function compound(writer: Writer, value: object | null, place: string): Writer {
  if (value === null) return writer.nil()
  if (value instanceof Uint8Array) return writer.binary(value)
  if (Array.isArray(value)) {
    writer.array(value.length)
    value.forEach((entry, index) => write(writer, entry, `${place}[${index}]`))
    return writer
  }
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  writer.map(entries.length)
  for (const [key, entry] of entries) write(writer.string(key), entry, `${place}.${key}`)
  return writer
}
