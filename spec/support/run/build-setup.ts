import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { installPackage } from './packed'

const root = join(__dirname, '../../..')

/**
 * Runs before all specs. Some of them use the package as users get it, so this builds it if lib/ is newer,
 * and installs it once.
 */
export default function setup(): void {
  if (builtAt() < changedAt())
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  installPackage(root)
}

function builtAt(): number {
  try {
    return statSync(join(root, 'dist/handler/index.js')).mtimeMs
  } catch {
    return 0
  }
}

function changedAt(): number {
  const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).map((file) =>
    join('lib', file),
  )
  const settings = ['scripts/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json']
  return Math.max(...[...sources, ...settings].map((file) => statSync(join(root, file)).mtimeMs))
}
