/** Control and format characters (right-to-left marks among them), line breaks, and lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Text of other nodes with every character visible: a character that is invisible, or would move the text
 * beside it, is shown as its number.
 */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => `⟨${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}⟩`,
  )
}
