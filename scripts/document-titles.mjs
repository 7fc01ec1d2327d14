// A plugin of typedoc for the pages of docs/: lists each under its first heading instead of its file name, and gives headings the
// anchors that GitHub gives them. Typedoc ignores code in a heading when it makes the anchor, so code there becomes text.
import { Converter } from 'typedoc'

const HEADING = /^# (.+)$/m
/** Text that ends within a heading. */
const WITHIN_HEADING = /(^|\n)#{1,6} [^\n]*$/

export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
    const [first] = page.content
    const { index, 1: title } = HEADING.exec(first?.text ?? '') ?? {}
    if (index !== 0) throw new Error(`${page.name}: the page does not begin with a heading of plain text`)
    page.name = title
    page.content = withPlainHeadings(page.content)
  })
}

function withPlainHeadings(parts) {
  let before = '\n'
  return parts.map((part) => {
    const plain = part.kind === 'code' && WITHIN_HEADING.test(before)
    const text = plain ? part.text.replace(/^`+|`+$/g, '') : part.text
    // What stands before on the same line.
    before = text.includes('\n') ? text : before + text
    return plain ? { kind: 'text', text } : part
  })
}
