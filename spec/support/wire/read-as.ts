import { Reader } from '../../../lib/protocol/reader'
import { Scanner } from '../../../lib/protocol/scanner'
import { pack, type Packable } from './pack'

export const FAULT = Symbol('fault')

/** The value that `read` gives for one whole message. `FAULT` if it cannot read the message. */
export function readAs<T>(read: (reader: Reader) => T, message: Packable | Buffer): T | typeof FAULT {
  const bytes = Buffer.isBuffer(message) ? message : pack(message)
  const reader = new Reader(new Scanner(1024 * 1024))
  reader.begin(bytes, 0, bytes.length, true)
  const value = read(reader)
  return reader.fault || reader.at !== bytes.length ? FAULT : value
}
