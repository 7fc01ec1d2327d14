/** Cuts the bytes at the given places. */
export function cutAt(bytes: Buffer, ...places: number[]): Buffer[] {
  const ends = [...new Set(places)].filter((place) => place > 0 && place < bytes.length).sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

/** Cuts the bytes into pieces of one size. */
export function cutEvery(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

/** Every way to cut the bytes into two pieces. */
export function cutsOnce(bytes: Buffer): Buffer[][] {
  return Array.from({ length: Math.max(bytes.length - 1, 0) }, (_, index) => cutAt(bytes, index + 1))
}
