// A plugin of typedoc for the pages of docs/. It lists each page under its first heading instead of its file
// name, in the section and with the line that docs/README.md has for it. It also gives headings the anchors
// that GitHub gives them: typedoc ignores code in a heading when it makes the anchor, so code there becomes
// text.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Converter } from 'typedoc'

const HEADING = /^# (.+)$/m
/** Text that ends within a heading. */
const WITHIN_HEADING = /(^|\n)#{1,6} [^\n]*$/
const DOCS = resolve(import.meta.dirname, '../docs')

export function load({ converter }) {
  const index = readIndex()
  converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
    const [first] = page.content
    const { index: start, 1: title } = HEADING.exec(first?.text ?? '') ?? {}
    if (start !== 0) throw new Error(`${page.name}: the page does not begin with a heading of plain text`)
    page.name = title
    page.content = withPlainHeadings(page.content)
    const { section, summary } = index.get(page.project.files.getReflectionPath(page)) ?? {}
    page.frontmatter.summary = summary
    // The pages below another page are in no section of their own.
    if (page.parent.isProject() && section !== undefined) page.frontmatter.group = section
  })
}

/**
 * The section and the line of each page that docs/README.md lists, by the path of its file; the index is in
 * the first section.
 */
function readIndex() {
  const sections = readFileSync(resolve(DOCS, 'README.md'), 'utf8').split(/^## /m).slice(1)
  const pages = sections.flatMap((text) => {
    const [section] = text.split('\n')
    return Array.from(text.matchAll(/^\| \[[^\]]+\]\(([^)]+)\) \| (.+) \|$/gm), ([, path, summary]) => [
      resolve(DOCS, path),
      { section, summary },
    ])
  })
  return new Map([
    [resolve(DOCS, 'README.md'), { section: pages[0][1].section, summary: 'every page' }],
    ...pages,
  ])
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
