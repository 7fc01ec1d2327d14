import { Expected, type Reader } from './reader'
import { recordReader } from './record'

/** What stands before each reply and each record. */
export interface Header {
  seq: number
  error: string
}

/** A successful header as an agent writes it, up to the number. */
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

/** The number in a successful header just as agents send it; -1 for all else. */
export function readSuccess(reader: Reader): number {
  if (!reader.matches(SUCCESS)) return -1
  const seq = reader.integer()
  return reader.fault ? -1 : seq
}

/**
 * Reads a header into `target` and says whether there was one: a map of `Error` and `Seq`, and of nothing else. No record of
 * Serf looks like that, so a header is told from a record by its looks where one may stand for the other.
 */
export function readHeader(reader: Reader, target: Header): boolean {
  if (reader.bytes[reader.at] !== MAP_OF_TWO) return false
  const { error, seq } = readFields(reader)
  if (reader.fault || error === undefined || seq === undefined) return false
  target.error = error
  target.seq = seq
  return true
}
