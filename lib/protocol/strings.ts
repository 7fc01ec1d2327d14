/**
 * Strings of the wire. The short ones come again and again (keys, node names, tags, event names), so an ASCII string of up
 * to 32 bytes is looked up by its bytes in a table of fixed size: what was decoded once is handed out again, and
 * ten thousand members share one `role`. A collision replaces; nothing grows.
 */
const LONGEST = 32
const SLOTS = 8192
const known: string[] = new Array<string>(SLOTS).fill('')

/** The string in bytes `start` to `end`. Bytes that are not UTF-8 become U+FFFD. */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  const length = end - start
  if (length === 0) return ''
  if (length > LONGEST) return bytes.toString('utf8', start, end)
  let hash = length
  let bits = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    bits |= byte
    hash = (Math.imul(hash, 31) + byte) | 0
  }
  if (bits >= 0x80) return bytes.toString('utf8', start, end)
  const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1)
  const candidate = known[slot] as string
  if (candidate.length === length && isAt(candidate, bytes, start)) return candidate
  return (known[slot] = bytes.toString('latin1', start, end))
}

function isAt(text: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}
