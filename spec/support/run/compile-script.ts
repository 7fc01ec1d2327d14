import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * Compiles TypeScript in a script folder against the types of the packed package, as a user does. Throws the
 * errors.
 */
export function compileScript(folder: string, ...files: string[]): void {
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node20,
      strict: true,
      types: ['node'],
      typeRoots: [join(folder, '../node_modules/@types')],
    },
  )
  const { diagnostics } = program.emit(undefined, (file, text) => {
    ts.sys.writeFile(file, text)
    chmodSync(file, 0o755)
  })
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => folder,
        getNewLine: () => '\n',
      }),
    )
  }
}
