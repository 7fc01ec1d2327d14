import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const read = (...path: string[]) => readFileSync(join(__dirname, ...path), 'utf8')

it('docs/testing.md shows a spec that runs here', () => {
  expect(read('..', '..', 'docs', 'testing.md')).toContain(read('greeter.spec.ts'))
})
