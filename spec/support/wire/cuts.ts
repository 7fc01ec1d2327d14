/** The bytes in pieces that end at the given places. */
export function cutAt(bytes: Buffer, ...places: number[]): Buffer[] {
  const ends = [...new Set(places)].filter((place) => place > 0 && place < bytes.length).sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

/** The bytes in pieces of one size. */
export function cutEvery(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

/** All ways to cut the bytes once. */
export function cutsOnce(bytes: Buffer): Buffer[][] {
  return Array.from({ length: Math.max(bytes.length - 1, 0) }, (_, index) => cutAt(bytes, index + 1))
}
