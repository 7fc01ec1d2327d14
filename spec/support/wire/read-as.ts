import { Reader } from '../../../lib/protocol/reader'
import { Scanner } from '../../../lib/protocol/scanner'
import { pack, type Packable } from './pack'

export const FAULT = Symbol('fault')

/** What `read` makes of one whole message; `FAULT` where it is not what it reads. */
export function readAs<T>(read: (reader: Reader) => T, message: Packable | Buffer): T | typeof FAULT {
  const bytes = Buffer.isBuffer(message) ? message : pack(message)
  const reader = new Reader(new Scanner(1024 * 1024))
  reader.begin(bytes, 0, bytes.length, true)
  const value = read(reader)
  return reader.fault || reader.at !== bytes.length ? FAULT : value
}
