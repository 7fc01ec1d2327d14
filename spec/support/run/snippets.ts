import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A piece of code in a fence of README or docs/. */
export interface Snippet {
  /** Where it stands: `README.md:14`. */
  place: string
  /** A file name made from the place. */
  file: string
  code: string
  /** The reason why it does not run, if the fence gives one: ```` ```ts no-run: an agent starts it ````. */
  noRun: string | undefined
}

const EXTENSIONS: Record<string, string> = { ts: 'mts', js: 'mjs', cjs: 'cjs' }
const FENCE = /^```(ts|js|cjs)(?: no-run: (.+))?\n([\s\S]*?)^```$/gm

/** Every `ts`, `js` and `cjs` fence of README.md and docs/. */
export function snippets(root: string): Snippet[] {
  return pages(root).flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8')
    return Array.from(text.matchAll(FENCE), ({ 1: language = '', 2: noRun, 3: code = '', index }) => {
      const line = text.slice(0, index).split('\n').length
      return {
        place: `${page}:${line}`,
        file: `${page.replaceAll('/', '-').replace('.md', '')}-${line}.${EXTENSIONS[language] ?? ''}`,
        code,
        noRun,
      }
    })
  })
}

/**
 * Fences of TypeScript or JavaScript whose first line has a typing error, so that `snippets` would miss them.
 */
export function strangeFences(root: string): string[] {
  return pages(root).flatMap((page) =>
    Array.from(
      readFileSync(join(root, page), 'utf8').matchAll(
        /^```(?:ts|js|mts|mjs|cts|cjs|typescript|javascript)\b.*$/gm,
      ),
      ([fence]) => fence,
    )
      .filter((fence) => !/^```(ts|js|cjs)( no-run: .+)?$/.test(fence))
      .map((fence) => `${page}: ${fence}`),
  )
}

/** README.md and every page of docs/ that a person wrote. */
export function pages(root: string): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  return [
    'README.md',
    ...docs
      .filter((name) => /^(?!api\/).+\.md$/.test(name))
      .map((name) => `docs/${name}`)
      .sort(),
  ]
}
