import { join } from 'node:path'
import ts from 'typescript'
import { snippets } from '../support/run/snippets'

const shown = snippets(join(__dirname, '../..')).filter(({ noRun }) => noRun === 'jest runs it')

// Each snippet defines its tests here.
describe.each(shown)('$place', ({ code }) => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  })
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is in docs/
  const define = new Function('require', 'exports', 'jest', outputText) as (
    load: (name: string) => unknown,
    exports: object,
    mocks: typeof jest,
  ) => void
  define(require, {}, jest)
})
