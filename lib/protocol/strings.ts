/**
 * Strings of the wire. The short ones come again and again (node names, tags, statuses, event names), so what was decoded is
 * kept in a table of fixed size and handed out again where the same bytes come: ten thousand members share one `role`.
 * Their bytes choose the place, all of them are compared, a collision replaces; nothing grows.
 */
const LONGEST = 32
const SLOT_BITS = 13
const known: string[] = new Array<string>(2 ** SLOT_BITS).fill('')
/** Odd, and near to 2^32 divided by the golden ratio, so that what is alike is spread. */
const MULTIPLIER = 0x9e3779b1

/** The string in `size` bytes from `start`; `view` is of the same bytes. Bytes that are not UTF-8 become U+FFFD. */
export function stringAt(bytes: Buffer, view: DataView, start: number, size: number): string {
  if (size === 0) return ''
  const end = start + size
  if (size > LONGEST) return bytes.toString('utf8', start, end)
  const slot = slotOf(bytes, view, start, end)
  const candidate = known[slot] as string
  if (candidate.length === size) {
    let index = 0
    while (index < size && candidate.charCodeAt(index) === bytes[start + index]) index++
    if (index === size) return candidate
  }
  return learn(slot, bytes.toString('utf8', start, end), size)
}

function learn(slot: number, text: string, size: number): string {
  // As many characters as bytes: all ASCII, or U+FFFD, which no byte equals. Anything else could be taken for other bytes.
  if (text.length === size) known[slot] = text
  return text
}

/** A multiplicative hash of all the bytes, four at a time; its highest bits depend on each of them. */
function slotOf(bytes: Buffer, view: DataView, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at), MULTIPLIER)
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), MULTIPLIER)
  return hash >>> (32 - SLOT_BITS)
}
