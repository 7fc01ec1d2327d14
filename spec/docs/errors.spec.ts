import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { PublicSurface } from '../support/run/public-surface'

const root = join(__dirname, '../..')
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const surface = new PublicSurface(root)

/**
 * Codes that the system gives, which no type lists. Node's own for names that do not resolve are not in
 * `constants`.
 */
const SYSTEM = new Set([...Object.keys(constants.errno), 'ENOTFOUND', 'EAI_AGAIN'])

test('every class of errors has a section, and no section is invented', () => {
  const sections = Array.from(page.matchAll(/^## `([^`]+)`/gm), ([, name = '']) => name)
  expect(sections.sort()).toEqual(surface.errorClasses().sort())
})

test('every code has a row, and no row is invented', () => {
  const rows = Array.from(page.matchAll(/^\| `([^`]+)` \|/gm), ([, code = '']) => code)
  expect(rows.filter((code) => !SYSTEM.has(code)).sort()).toEqual(surface.errorCodes())
})

test('every row says what happened, what to do, and which call gives it', () => {
  const rows = Array.from(page.matchAll(/^\| `.+$/gm), ([row]) => row.split('|').map((cell) => cell.trim()))
  expect(rows.filter((cells) => cells.slice(1, 5).some((cell) => cell === '')).flat()).toEqual([])
})
