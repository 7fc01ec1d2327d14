import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = join(__dirname, '../..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'examples/README.md',
  'examples/dashboard/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string) =>
  Array.from(textOf(page).matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

/** The links of a page to files of this repository: as written, the file, and the anchor in it. */
const localLinks = (page: string) =>
  Array.from(textOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [path = '', anchor] = link.split('#')
      return { link, anchor, file: path === '' ? page : relative(root, join(root, dirname(page), path)) }
    })

test.each(pages)('%s links to files that are there', (page) => {
  const broken = localLinks(page).filter(({ file }) => !existsSync(join(root, file)))
  expect(broken.map(({ link }) => link)).toEqual([])
})

test.each(pages)('%s links to headings that are there', (page) => {
  const broken = localLinks(page).filter(
    ({ file, anchor }) => anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor),
  )
  expect(broken.map(({ link }) => link)).toEqual([])
})

/** The last column of the table of faults: spec files, each with words of the title that is meant. */
const specsOfFaults = textOf('docs/reliability.md')
  .split('\n')
  .flatMap((line) => /^\|.*\| (`(?:scenarios|client)\/.*) \|$/.exec(line)?.[1]?.split(', `') ?? [])
  .map((entry) => entry.replaceAll('`', ''))
  .filter((entry) => !entry.startsWith('npm run '))

test('faults name specs that are there', () => {
  const isThere = (entry: string) => {
    const [path = '', ...words] = entry.split(' ')
    const file = join(root, 'spec', `${path}.spec.ts`)
    return existsSync(file) && readFileSync(file, 'utf8').includes(words.join(' '))
  }
  expect(specsOfFaults.length).toBeGreaterThan(20)
  expect(specsOfFaults.filter((entry) => !isThere(entry))).toEqual([])
})
