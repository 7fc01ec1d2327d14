import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PublicSurface } from '../support/run/public-surface'

const root = join(__dirname, '../..')
const page = readFileSync(join(root, 'docs/options.md'), 'utf8')

/** The tables of the page: what stands in the heading above each, and the names in its first column. */
const documented = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [, heading = ''] = /^`([^`]+)`/.exec(section) ?? []
      const rows = Array.from(section.matchAll(/^\| `([^`]+)` \|/gm), ([, name = '']) => name)
      return [heading, rows.sort()]
    }),
)
const options = new PublicSurface(root).optionsObjects()

test('every options object has a table, and no table is invented', () => {
  expect([...documented.keys()].sort()).toEqual([...options.keys()].sort())
})

test.each([...options])('%s: every option has a row, and no row is invented', (name, properties) => {
  expect(documented.get(name)).toEqual(properties)
})

test('every row says type, default, since when, and what it does', () => {
  const rows = Array.from(page.matchAll(/^\| `.+$/gm), ([row]) => row.split('|').map((cell) => cell.trim()))
  const cells = rows.map((row) => row.slice(1, -1))
  expect(cells.filter((row) => row.length !== 5 || row.includes(''))).toEqual([])
})
