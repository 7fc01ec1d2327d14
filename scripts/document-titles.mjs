// A plugin of typedoc: lists a page of docs/ under its first heading instead of its file name.
import { Converter } from 'typedoc'

const HEADING = /^# (.+)\n+/

export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
    const [first] = page.content
    const [line, title] = HEADING.exec(first?.text ?? '') ?? []
    if (line === undefined)
      throw new Error(`${page.name}: the page does not begin with a heading of plain text`)
    page.name = title
    first.text = first.text.replace(line, '')
  })
}
