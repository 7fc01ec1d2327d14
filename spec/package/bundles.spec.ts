import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packedFolder } from '../support/run/packed'

const root = join(__dirname, '../..')
const programs = join(root, 'spec/fixtures/programs')
const PRINTED = {
  cluster: 'FOO v1 here\n',
  raw: 'here\n',
  handler: 'FOO',
  job: 'success finished 3 success\n',
}

/** What a program prints where there is no node_modules. */
function outputOf(file: string): Promise<string> {
  const env = { PATH: process.env['PATH'], SERF_EVENT: 'query', SERF_QUERY_NAME: 'upcase' }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], { env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
    child.stdin?.end('foo\n')
  })
}

describe('a bundle of esbuild that runs without node_modules', () => {
  let empty: string

  beforeAll(() => {
    empty = mkdtempSync(join(tmpdir(), 'serfx-bundles-'))
    cpSync(programs, packedFolder(), { recursive: true })
  })
  afterAll(() => rmSync(empty, { recursive: true }))

  it.each(['esm', 'cjs'])('does as %s what the package does', async (format) => {
    const extension = format === 'esm' ? 'mjs' : 'cjs'
    const names = Object.keys(PRINTED)
    const entries = names.map((name) => `${name}.mjs`)
    const flags = ['--bundle', '--platform=node', '--log-level=warning', `--format=${format}`]
    const out = [`--outdir=${empty}`, `--out-extension:.js=.${extension}`]
    const complaints = execFileSync(join(root, 'node_modules/.bin/esbuild'), [...entries, ...flags, ...out], {
      cwd: packedFolder(),
      encoding: 'utf8',
    })
    expect(complaints).toBe('')

    const printed = await Promise.all(names.map((name) => outputOf(join(empty, `${name}.${extension}`))))
    expect(Object.fromEntries(names.map((name, index) => [name, printed[index]]))).toEqual(PRINTED)
  })
})
