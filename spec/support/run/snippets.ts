import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A piece of code in a fence of README or docs/. */
export interface Snippet {
  /** Where it stands: `README.md:14`. */
  place: string
  /** A file name that says so too. */
  file: string
  code: string
  /** Why it cannot run, where the fence says so: ```` ```ts no-run: an agent starts it ````. */
  noRun: string | undefined
}

const FENCE = /^```(ts|js)(?: no-run: (.+))?\n([\s\S]*?)^```$/gm

/** Every `ts` and `js` fence of README.md and docs/. */
export function snippets(root: string): Snippet[] {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ]
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8')
    return Array.from(text.matchAll(FENCE), ({ 1: language, 2: noRun, 3: code = '', index }) => {
      const line = text.slice(0, index).split('\n').length
      return {
        place: `${page}:${line}`,
        file: `${basename(page, '.md')}-${line}.${language === 'ts' ? 'mts' : 'mjs'}`,
        code,
        noRun,
      }
    })
  })
}

/** Fences whose first line this module would not understand, so that none is passed over by a slip of the pen. */
export function strangeFences(root: string): string[] {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ]
  return pages.flatMap((page) =>
    Array.from(
      readFileSync(join(root, page), 'utf8').matchAll(/^```(?:ts|js|typescript|javascript)\b.*$/gm),
      ([fence]) => fence,
    )
      .filter((fence) => !/^```(ts|js)( no-run: .+)?$/.test(fence))
      .map((fence) => `${page}: ${fence}`),
  )
}
