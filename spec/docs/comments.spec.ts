import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const reports = join(__dirname, '../../docs/api')

test.each(readdirSync(reports))('%s: every public name is described', (report) => {
  const text = readFileSync(join(reports, report), 'utf8')
  const names = Array.from(text.matchAll(/^\/\/ @public \(undocumented\)\n(.+)$/gm), ([, name]) => name)
  expect(names).toEqual([])
})
