// Builds dist/: CommonJS and declarations by tsc; then the handler's code as one file, with the few parts of
// rxjs that it needs inside (docs/decisions/0003-handler-bundle.md), since a script's start-up is its speed;
// then dist/module, ES modules that only bundlers read (docs/decisions/0001-one-copy-for-node.md). dist/ is
// replaced when all of it is there, so a build that fails leaves none that looks finished.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollUpDeclarations } from './build-declarations.mjs'
import { buildModules } from './build-modules.mjs'
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
  await buildModules(join(out, 'module'))
  rollUpDeclarations(out)
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
  // What tsc made of the files that are in the bundle now; their declarations stay, the entry's refer to
  // them.
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) rmSync(join(folder, file))
  for (const { path, contents } of outputFiles) writeFileSync(path, contents)
  const names = Object.keys(require(join(process.cwd(), folder, 'bundle.js')))
  writeFileSync(join(folder, 'index.js'), entry(names))
}

/**
 * Node searches a CommonJS file that an ES module imports for its exports, which takes it longer for the
 * bundle than all the rest of the script's start. So the entry is a file of its own, with next to nothing to
 * search.
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
