/**
 * Strings of the wire. The short ones come again and again (node names, tags, statuses, event names), so what was decoded is
 * kept in a table of fixed size and handed out again where the same bytes come: ten thousand members share one `role`.
 * Their bytes choose the place, all of them are compared, a collision replaces; nothing grows. All that is done four bytes at a time.
 */
const SLOT_BITS = 12
/** For each place, the bytes of its string as words, and those that make no word. */
const WORDS = 8
const LONGEST = 4 * WORDS - 1
/** Odd, and near to 2^32 divided by the golden ratio, so that what is alike is spread. */
const MULTIPLIER = 0x9e3779b1

const texts: string[] = new Array<string>(2 ** SLOT_BITS).fill('')
const contents = new Int32Array(WORDS * 2 ** SLOT_BITS)

/** The string in `size` bytes from `start`; `view` is of the same bytes. Bytes that are not UTF-8 become U+FFFD. */
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
  return known.length === size && isThere(slot, view, start, end, rest)
    ? known
    : learn(slot, bytes.toString('utf8', start, end), view, start, end, rest)
}

function isThere(slot: number, view: DataView, start: number, end: number, rest: number): boolean {
  let word = slot * WORDS
  for (let at = start; at + 4 <= end; at += 4) if (view.getInt32(at) !== contents[word++]) return false
  return contents[word] === rest
}

function learn(slot: number, text: string, view: DataView, start: number, end: number, rest: number): string {
  // Only where each byte is a character does the length of the text tell how many words there are.
  if (text.length !== end - start) return text
  texts[slot] = text
  let word = slot * WORDS
  for (let at = start; at + 4 <= end; at += 4) contents[word++] = view.getInt32(at)
  contents[word] = rest
  return text
}
