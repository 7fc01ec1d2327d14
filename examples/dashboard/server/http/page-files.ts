import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { build } from 'esbuild'

export type PageFiles = ReadonlyMap<string, { type: string; content: Uint8Array<ArrayBuffer> }>

const PAGE = join(__dirname, '../../page')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
}

/** Builds the page, in memory: its files by path. */
export async function buildPage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, 'main.ts'), join(PAGE, 'main.css')],
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.woff2': 'file' },
    assetNames: 'fonts/[name]',
    write: false,
    logLevel: 'silent',
  })
  const built = outputFiles.map(({ path, contents }) => [path, contents] as const)
  const given = await Promise.all(
    ['index.html', 'icon.svg'].map(async (file) => [`/${file}`, await readFile(join(PAGE, file))] as const),
  )
  const files = [...built, ...given].map(
    ([path, content]) =>
      [path, { type: TYPES[extname(basename(path))] ?? '', content: new Uint8Array(content) }] as const,
  )
  return new Map([
    ...files,
    ...files.flatMap(([path, file]) => (path === '/index.html' ? [['/', file] as const] : [])),
  ])
}
