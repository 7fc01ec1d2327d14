// dist/module: ES modules of every entry, for bundlers alone, which find them by the condition `module`. Node
// does not know that condition and goes on with one copy, dist/ itself
// (docs/decisions/0001-one-copy-for-node.md).
import { build } from 'esbuild'
import { join } from 'node:path'
import { ENTRIES } from './api-extractor.mjs'

/**
 * What the code requires when it first needs it, a bundler must find as an import; and it takes the named
 * value alone.
 */
const REQUIRED = { msgpackr: 'Unpackr', rxjs: 'Observable' }

export async function buildModules(folder) {
  await build({
    entryPoints: Object.values(ENTRIES).map((file) => join('lib', file.replace('.d.ts', '.ts'))),
    outbase: 'lib',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    minifyWhitespace: true,
    plugins: [{ name: 'imports-for-requires', setup: importWhatIsRequired }],
  })
}

function importWhatIsRequired({ onResolve, onLoad }) {
  onResolve({ filter: /^[a-z]+$/ }, ({ kind, path }) =>
    kind === 'require-call' ? { path, namespace: 'required' } : { path, external: true },
  )
  onLoad({ filter: /./, namespace: 'required' }, ({ path }) => {
    if (!(path in REQUIRED)) throw new Error(`dist/module: say what the code takes of ${path}`)
    return { contents: `export { ${REQUIRED[path]} } from '${path}'` }
  })
}
