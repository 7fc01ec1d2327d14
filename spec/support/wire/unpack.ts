import { Unpackr } from 'msgpackr'

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })

/** One MessagePack object as a JavaScript value. Integers of 64 bits are bigints. */
export function unpack(bytes: Uint8Array): unknown {
  return unpackr.unpack(bytes)
}

/** The whole objects at the start of the bytes, and where the first one begins that is not whole. */
export function unpackAll(bytes: Uint8Array): { values: unknown[]; end: number } {
  const values: unknown[] = []
  let end = 0
  try {
    unpackr.unpackMultiple(bytes, (value: unknown, _start?: number, next?: number) => {
      values.push(value)
      end = next ?? end
    })
  } catch {
    // The last object is cut off.
  }
  return { values, end }
}
