const DIGIT = /[A-Za-z0-9+/]/

/**
 * The position at which Go's decoder finds an illegal base64 character, which an agent reports; `undefined` if
 * the text is valid.
 * Source: Go 1.19, encoding/base64, decodeQuantum.
 */
export function illegalBase64At(text: string): number | undefined {
  const significant = Array.from(text, (character, index) => ({ character, index })).filter(
    ({ character }) => character !== '\n' && character !== '\r',
  )
  let inQuantum = 0
  for (const [place, { character, index }] of significant.entries()) {
    if (DIGIT.test(character)) {
      inQuantum = (inQuantum + 1) % 4
      continue
    }
    if (character !== '=' || inQuantum < 2) return index
    const rest = significant.slice(place + 1)
    if (inQuantum === 3) return rest[0]?.index
    const [second, third] = rest
    if (!second) return text.length
    return second.character === '=' ? third?.index : second.index - 1
  }
  return inQuantum === 0 ? undefined : text.length - inQuantum
}
