import type { Cursor } from './cursor'

/** How a field is read, and its value when it is missing. */
export interface Field<T> {
  zero: () => T
  read: (cursor: Cursor) => T
}

/** Fields in the order in which Serf declares them. */
export type Fields<S> = { [K in keyof S]: Field<S[K]> }

export const string: Field<string> = { zero: () => '', read: (cursor) => cursor.string() }
export const bool: Field<boolean> = { zero: () => false, read: (cursor) => cursor.bool() }
export const payload: Field<Buffer | null> = { zero: () => null, read: (cursor) => cursor.payload() }
export const strings: Field<string[]> = {
  zero: () => [],
  read: (cursor) => cursor.list(() => cursor.string()),
}
export const dictionary: Field<Record<string, string>> = {
  zero: () => ({}),
  read: (cursor) => cursor.dictionary(),
}

const integer = (least: bigint, most: bigint): Field<number | bigint> => ({
  zero: () => 0,
  read: (cursor) => cursor.integer(least, most),
})
export const int32 = integer(-(2n ** 31n), 2n ** 31n - 1n)
export const int64 = integer(-(2n ** 63n), 2n ** 63n - 1n)
export const uint8 = integer(0n, 2n ** 8n - 1n)
export const uint64 = integer(0n, 2n ** 64n - 1n)

export function zeroOf<S extends object>(fields: Fields<S>): S {
  const entries = (Object.keys(fields) as (keyof S)[]).map((name) => [name, fields[name].zero()])
  return Object.fromEntries(entries) as S
}

/**
 * Reads a map by its names, or an array by the order of declaration, into `target`. A missing field keeps its
 * value: so a header without `Seq` repeats the last one. Unknown names and surplus values are skipped.
 */
export function readStruct<S extends object>(fields: Fields<S>, cursor: Cursor, target: S): S {
  const names = Object.keys(fields) as (keyof S & string)[]
  if (cursor.nil()) return Object.assign(target, zeroOf(fields))
  if (cursor.isArray) {
    const size = cursor.arraySize()
    for (let index = 0; index < size; index++) readField(fields, names[index], cursor, target)
    return target
  }
  const size = cursor.mapSize()
  for (let index = 0; index < size; index++) {
    const key = cursor.string()
    readField(
      fields,
      names.find((name) => name === key),
      cursor,
      target,
    )
  }
  return target
}

function readField<S extends object>(
  fields: Fields<S>,
  name: keyof S | undefined,
  cursor: Cursor,
  target: S,
): void {
  if (name !== undefined) target[name] = fields[name].read(cursor)
  else cursor.skip()
}
