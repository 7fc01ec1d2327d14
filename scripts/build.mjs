// Builds dist/: CommonJS and declarations by tsc; then the handler's code as one file, with the few parts of
// rxjs that it needs inside (docs/decisions/0003-handler-bundle.md), since a script's start-up is its speed.
// dist/ is replaced when all of it is there, so a build that fails leaves none that looks finished.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENTRIES, rollUp } from './api-extractor.mjs'
import { checkJobScripts } from './job-scripts.mjs'

const BUNDLE_LIMIT = 44 * 1024
const BUNDLE_MAY_LOAD = ['../errors.js', 'node:fs']

const require = createRequire(import.meta.url)
const rxjs = require('rxjs/package.json')
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
// Beside dist/, and not in node_modules, whose declarations API Extractor takes for another package's.
const out = `.dist-${process.pid}`

checkJobScripts()
try {
  const tsc = require.resolve('typescript/bin/tsc')
  const compile = (...flags) =>
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', out, ...flags], {
      stdio: 'inherit',
    })
  // Comments are for who reads the declarations; in the code they would be half of the package.
  compile('--emitDeclarationOnly')
  compile('--declaration', 'false', '--removeComments')
  await bundleHandler(join(out, 'handler'))
  rollUpDeclarations()
  rmSync('dist', { recursive: true, force: true })
  renameSync(out, 'dist')
} finally {
  rmSync(out, { recursive: true, force: true })
}

async function bundleHandler(folder) {
  const { outputFiles, metafile } = await build({
    entryPoints: ['lib/handler/index.ts'],
    outfile: join(folder, 'bundle.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // As ES modules, of which only what is used stays; for node rxjs itself names its CommonJS files.
    alias: { rxjs: join(dirname(require.resolve('rxjs/package.json')), 'dist/esm/index.js') },
    plugins: [{ name: 'one-class-of-error', setup: keepErrorsOutside }],
    banner: {
      js: `/* Has parts of rxjs ${rxjs.version} inside: Copyright (c) 2015-2018 Google, Inc., Netflix, Inc.,\n   Microsoft Corp. and contributors, Apache License 2.0. */`,
    },
    metafile: true,
    write: false,
  })
  expectSmall(metafile)
  // What tsc made of the files that are in the bundle now; their declarations stay, the entry's refer to them.
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) rmSync(join(folder, file))
  for (const { path, contents } of outputFiles) writeFileSync(path, contents)
  const names = Object.keys(require(join(process.cwd(), folder, 'bundle.js')))
  writeFileSync(join(folder, 'index.js'), entry(names))
}

/**
 * Node searches a CommonJS file that an ES module imports for its exports, which takes it longer for the bundle than all
 * the rest of the script's start. So the entry is a file of its own, with next to nothing to search.
 */
function entry(names) {
  return `'use strict'\nmodule.exports = require('./bundle.js')\n0 && (module.exports = { ${names.join(', ')} })\n`
}

/** `HandlerError` is the same class in `serfx` and in `serfx/handler`, so it cannot be in the bundle. */
function keepErrorsOutside({ onResolve }) {
  onResolve({ filter: /^\.\.\/errors$/ }, () => ({ path: '../errors.js', external: true }))
}

/** A careless import must not make every script slower unnoticed. */
function expectSmall({ outputs }) {
  const [{ bytes, imports }] = Object.values(outputs)
  const foreign = imports.map(({ path }) => path).filter((path) => !BUNDLE_MAY_LOAD.includes(path))
  if (foreign.length > 0) throw new Error(`serfx/handler would load ${foreign.join(', ')}`)
  if (bytes > BUNDLE_LIMIT) throw new Error(`serfx/handler has grown to ${bytes} bytes, over ${BUNDLE_LIMIT}`)
}

/**
 * One file of declarations an entry, with nothing in it that is internal. It brings what it needs of Node and the language
 * along, whatever `types` and `lib` of its user are: `Buffer`, `Symbol.dispose`, the `cause` of an error.
 */
function rollUpDeclarations() {
  const references = ['types="node"', 'lib="es2022"', 'lib="esnext.disposable"']
  const head = references.map((reference) => `/// <reference ${reference} />\n`).join('')
  rollUp(out, join(out, 'rolled'))
  for (const file of readdirSync(out, { recursive: true })) {
    if (file.endsWith('.d.ts') && !file.startsWith('rolled')) rmSync(join(out, file))
  }
  for (const file of Object.values(ENTRIES)) {
    const values = Object.keys(require(join(process.cwd(), out, file.replace('.d.ts', '.js'))))
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
 * Without the mark `#private`, which TypeScript before 6 refuses at its default target, and which would keep an object from
 * being assigned to the same class of another copy of the package.
 */
function structural(declarations) {
  return declarations.replaceAll(/^ +#private;\n/gm, '')
}
