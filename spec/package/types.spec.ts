import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { packedFolder } from '../support/run/packed'

const root = join(__dirname, '../..')
const program = join(root, 'spec/fixtures/types/program.ts')
const STRICT = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false']

/**
 * What a compiler complains of; with the defaults of `types` and `lib`, and of `target` where none is given.
 */
function complaints(compiler: string, flags: readonly string[], files: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(packedFolder(), 'types-'))
  for (const file of files) copyFileSync(program, join(folder, file))
  const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, ...STRICT, ...flags, ...files], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    )
  })
}

// Reading the types of Node takes a compiler seconds: the other combinations are those of
// scripts/try-runtimes.
describe('the declarations of the package', () => {
  it.each(['typescript-5.4', 'typescript'])(
    'compile with %s, as an ES module and as CommonJS',
    async (compiler) => {
      const flags = ['--module', 'nodenext', '--target', 'es2022']
      expect(await complaints(compiler, flags, ['program.mts', 'program.cts'])).toBe('')
    },
    300_000,
  )

  it('compile for a bundler, at the default target of the oldest', async () => {
    const flags = ['--module', 'esnext', '--moduleResolution', 'bundler']
    expect(await complaints('typescript-5.4', flags, ['program.ts'])).toBe('')
  }, 300_000)
})
