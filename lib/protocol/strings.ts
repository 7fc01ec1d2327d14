/**
 * Strings of the wire. The short ones come again and again (node names, tags, statuses, event names), so what was decoded is
 * kept in a table of fixed size and handed out again where the same bytes come: ten thousand members share one `role`.
 * A few of the bytes choose the place, all of them are compared, a collision replaces; nothing grows.
 */
const LONGEST = 32
const SLOTS = 8192
const known: string[] = new Array<string>(SLOTS).fill('')

/** The string in `size` bytes from `start`. Bytes that are not UTF-8 become U+FFFD. */
export function stringAt(bytes: Buffer, start: number, size: number): string {
  if (size === 0) return ''
  const end = start + size
  if (size > LONGEST) return bytes.toString('utf8', start, end)
  const slot = slotOf(bytes, start, size)
  const candidate = known[slot] as string
  if (candidate.length === size) {
    let index = 0
    while (index < size && candidate.charCodeAt(index) === bytes[start + index]) index++
    if (index === size) return candidate
  }
  const text = bytes.toString('utf8', start, end)
  // As many characters as bytes: all ASCII, or U+FFFD, which no byte equals. Anything else could be taken for other bytes.
  if (text.length === size) known[slot] = text
  return text
}

/** Names that belong together mostly differ in their last characters, or in the middle. */
function slotOf(bytes: Buffer, start: number, size: number): number {
  const last = start + size - 1
  const middle = start + (size >> 1)
  let hash = size + 31 * (bytes[last] as number)
  if (size > 2) hash = Math.imul(hash, 31) + (bytes[last - 1] as number) + 7 * (bytes[last - 2] as number)
  hash = Math.imul(hash, 31) + (bytes[middle] as number) + 7 * (bytes[start] as number)
  return (hash ^ (hash >>> 11)) & (SLOTS - 1)
}
