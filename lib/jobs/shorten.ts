/** The text without control characters, cut between two characters to at most `limit` bytes of UTF-8. */
export function shorten(text: string, limit: number): string {
  const visible = text.replace(/\p{Cc}/gu, '?')
  if (Buffer.byteLength(visible) <= limit) return visible
  const ellipsis = '…'
  let kept = ''
  let bytes = Buffer.byteLength(ellipsis)
  for (const character of visible) {
    bytes += Buffer.byteLength(character)
    if (bytes > limit) break
    kept += character
  }
  return kept + ellipsis
}
