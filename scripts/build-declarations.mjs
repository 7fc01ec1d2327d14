// The declarations of dist/: one file an entry, made of those that tsc has written.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { ENTRIES, rollUp } from './api-extractor.mjs'

const require = createRequire(import.meta.url)

/**
 * One file of declarations an entry, with nothing in it that is internal. It brings what it needs of Node and
 * the language along, whatever `types` and `lib` of its user are: `Buffer`, `Symbol.dispose`, the `cause` of
 * an error.
 */
export function rollUpDeclarations(out) {
  const references = ['types="node"', 'lib="es2022"', 'lib="esnext.disposable"']
  const head = references.map((reference) => `/// <reference ${reference} />\n`).join('')
  rollUp(out, join(out, 'rolled'))
  for (const file of readdirSync(out, { recursive: true })) {
    if (file.endsWith('.d.ts') && !file.startsWith('rolled')) rmSync(join(out, file))
  }
  for (const file of Object.values(ENTRIES)) {
    const values = Object.keys(require(resolve(out, file.replace('.d.ts', '.js'))))
    const rolled = readFileSync(join(out, 'rolled', file), 'utf8')
    writeFileSync(join(out, file), head + structural(onlyTypes(rolled, values)))
  }
  rmSync(join(out, 'rolled'), { recursive: true })
}

/** A class of which the entry exports the type alone is no value in the declarations either. */
function onlyTypes(declarations, values) {
  const types = []
  const declared = declarations.replaceAll(
    /^export (declare (?:abstract )?class (\w+))/gm,
    (all, declaration, name) => {
      if (values.includes(name)) return all
      types.push(name)
      return declaration
    },
  )
  return types.length === 0 ? declared : `${declared}export type { ${types.join(', ')} }\n`
}

/**
 * Without the mark `#private`, which TypeScript before 6 refuses at its default target, and which would keep
 * an object from being assigned to the same class of another copy of the package.
 */
function structural(declarations) {
  return declarations.replaceAll(/^ +#private;\n/gm, '')
}
