/**
 * Go's strings are bytes, and an agent returns those that are not UTF-8 unchanged. Here a byte that belongs
 * to no UTF-8 character becomes a lone surrogate, which is in no text, and becomes the byte again when it is
 * written.
 */
const LONE = /[\udc80-\udcff]/u
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? escaped(bytes) : text
}

export function bytesOf(text: string): Buffer {
  if (!LONE.test(text)) return Buffer.from(text)
  return Buffer.concat(
    Array.from(text, (character) =>
      LONE.test(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character),
    ),
  )
}

function escaped(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at)
    text += character ?? String.fromCharCode(0xdc00 + bytes.readUInt8(at))
    at += character === undefined ? 1 : Buffer.byteLength(character)
  }
  return text
}

function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let size = 1; size <= 4 && at + size <= bytes.length; size++) {
    try {
      return strict.decode(bytes.subarray(at, at + size))
    } catch {
      // Not a character yet, or not one at all.
    }
  }
  return undefined
}
