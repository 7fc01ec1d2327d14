import { Expected } from './expected'
import type { Reader } from './reader'
import { recordReader } from './record'

/** What comes before each reply and each record. */
export interface Header {
  seq: number
  error: string
}

/** A successful header in the canonical encoding, up to the seq. */
const SUCCESS = Expected.of(0x82, 'Error', '', 'Seq')
const MAP_OF_TWO = 0x82

const readFields = recordReader<Partial<Header>>(() => ({}), {
  Error: (header, reader) => {
    header.error = reader.string()
  },
  Seq: (header, reader) => {
    header.seq = reader.integer()
  },
})

/** Reads the seq of a successful header in the canonical encoding; -1 for anything else. */
export function readSuccess(reader: Reader): number {
  if (!reader.matches(SUCCESS)) return -1
  const seq = reader.integer()
  return reader.fault ? -1 : seq
}

/**
 * Reads a header into `target` and returns whether it is one: a map of `Error` and `Seq`, and nothing else.
 * No body or record of Serf has this shape, so the shape tells them apart where either may come.
 */
export function readHeader(reader: Reader, target: Header): boolean {
  if (reader.bytes[reader.at] !== MAP_OF_TWO) return false
  const { error, seq } = readFields(reader)
  if (reader.fault || error === undefined || seq === undefined) return false
  target.error = error
  target.seq = seq
  return true
}
