/** Longer texts are cut. */
const LONGEST = 1_000

/** Control characters, and characters that change the direction of text or break lines. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Makes a text of an agent safe to show: it cannot move the cursor of a terminal or forge a log line. */
export function printable(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return shown.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}
