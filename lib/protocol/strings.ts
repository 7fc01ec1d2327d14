/**
 * Strings of the wire. Short ones recur all the time (node names, tags, statuses, event names), so decoded
 * strings are cached in a table of fixed size: ten thousand members share one `role`. A hash of the bytes
 * selects the slot, all bytes are compared, and a collision replaces the older string. Bytes are read four at
 * a time.
 */
const SLOT_BITS = 12
/** The size of a slot in words: the bytes of its string, the last word for those that do not fill one. */
const WORDS = 8
const LONGEST = 4 * WORDS - 1
/** Odd, and close to 2^32 divided by the golden ratio, which spreads similar strings. */
const MULTIPLIER = 0x9e3779b1

const texts: string[] = new Array<string>(2 ** SLOT_BITS).fill('')
const contents = new Int32Array(WORDS * 2 ** SLOT_BITS)

/**
 * The string in `size` bytes from `start`. `view` must view the same bytes. Bytes that are not UTF-8 become
 * U+FFFD.
 */
export function stringAt(bytes: Buffer, view: DataView, start: number, size: number): string {
  const end = start + size
  if (size > LONGEST) return bytes.toString('utf8', start, end)
  let hash = size
  let at = start
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at), MULTIPLIER)
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | (bytes[at] as number)
  const slot = Math.imul(hash ^ rest, MULTIPLIER) >>> (32 - SLOT_BITS)
  const known = texts[slot] as string
  return known.length === size && isCached(slot, view, start, end, rest)
    ? known
    : cache(slot, bytes.toString('utf8', start, end), view, start, end, rest)
}

function isCached(slot: number, view: DataView, start: number, end: number, rest: number): boolean {
  let word = slot * WORDS
  for (let at = start; at + 4 <= end; at += 4) if (view.getInt32(at) !== contents[word++]) return false
  return contents[word] === rest
}

function cache(slot: number, text: string, view: DataView, start: number, end: number, rest: number): string {
  // The length of the text tells the number of words only if each byte is a character.
  if (text.length !== end - start) return text
  texts[slot] = text
  let word = slot * WORDS
  for (let at = start; at + 4 <= end; at += 4) contents[word++] = view.getInt32(at)
  contents[word] = rest
  return text
}
