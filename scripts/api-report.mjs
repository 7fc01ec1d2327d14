// Writes docs/api: the public surface that dist/ has, one page an entry, for whoever reviews a change of it.
// With --check it writes nothing and fails where the pages differ.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENTRIES, report } from './api-extractor.mjs'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
const isCheck = process.argv.includes('--check')
const fresh = mkdtempSync(join('node_modules', '.serfx-api-'))

try {
  const forgotten = report('dist', fresh)
  if (forgotten.length > 0) fail(`a type that users meet is not exported:\n${forgotten.join('\n')}`)
  mkdirSync('docs/api', { recursive: true })
  for (const name of Object.keys(ENTRIES)) {
    const page = join('docs/api', `${name}.api.md`)
    const text = readFileSync(join(fresh, `${name}.api.md`), 'utf8')
    if (existsSync(page) && readFileSync(page, 'utf8') === text) continue
    if (isCheck) fail(`the public surface differs from ${page}. If that is meant: npm run api, and commit it`)
    else writeFileSync(page, text)
  }
} finally {
  rmSync(fresh, { recursive: true })
}

function fail(message) {
  console.error(`api: ${message}`)
  process.exitCode = 1
}
