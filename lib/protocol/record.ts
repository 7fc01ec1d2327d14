import { Expected } from './expected'
import type { Reader } from './reader'

/** How to read each field of a record into `T`, by its name on the wire. */
export type Fields<T> = Record<string, (target: T, reader: Reader) => void>

/**
 * Makes a reader of records from a table of their fields. An agent sends the fields of a struct in
 * alphabetical order, so the bytes of the next name are compared with the next field of the table. Any other
 * order, and unknown names, are accepted too, but slower.
 */
export function recordReader<T>(blank: () => T, fields: Fields<T>): (reader: Reader) => T {
  const table = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, read]) => ({
      name,
      read,
      key: Expected.of(name),
    }))
  const byName = new Map(table.map(({ name, read }) => [name, read]))

  return (reader) => {
    const target = blank()
    const size = reader.mapSize()
    let next = 0
    for (let index = 0; index < size && !reader.fault; index++) {
      let read: ((target: T, reader: Reader) => void) | undefined
      for (let candidate = next; candidate < table.length; candidate++) {
        const field = table[candidate]
        if (field && reader.matches(field.key)) {
          read = field.read
          next = candidate + 1
          break
        }
      }
      read ??= byName.get(reader.string())
      if (read) read(target, reader)
      else reader.skip()
    }
    return target
  }
}
