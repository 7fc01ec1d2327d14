import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { pages } from '../support/run/snippets'

const root = join(__dirname, '../..')
const linesOf = (page: string) => readFileSync(join(root, page), 'utf8').split('\n').length

/** Pages that a reader looks things up in, rather than reads. */
const LONG = ['docs/options.md', 'docs/errors.md', 'docs/performance.md']

test('the index lists every page', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const linked = Array.from(index.matchAll(/\]\(([^)#\s]+)\)/g), ([, target = '']) =>
    normalize(join('docs', target)),
  )
  const listed = new Set([...linked, 'README.md', 'docs/README.md'])
  expect(pages(root).filter((page) => !listed.has(page) && dirname(page) !== 'docs/decisions')).toEqual([])
})

test.each(pages(root).filter((page) => !LONG.includes(page)))('%s has at most 200 lines', (page) => {
  expect(linesOf(page)).toBeLessThanOrEqual(200)
})
