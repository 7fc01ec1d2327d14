import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const VARIABLE = 'SERFX_SPEC_PACKAGE'

/** A folder with serfx in its node_modules, exactly as `npm pack` packs it, and with its dependencies. */
export function packedFolder(): string {
  const folder = process.env[VARIABLE]
  if (folder === undefined) throw new Error('the package is installed by the globalSetup of jest.config.ts')
  return folder
}

/**
 * A new folder with executable copies of a folder of spec/fixtures. Scripts in it find the packed package.
 */
export function scriptFolder(fixtures: string): string {
  const folder = mkdtempSync(join(packedFolder(), `${fixtures}-`))
  cpSync(join(__dirname, '../../fixtures', fixtures), folder, { recursive: true })
  for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o755)
  return folder
}

/**
 * For jest's globalSetup. The variable reaches the specs, since jest passes the environment on to its
 * workers.
 */
export function installPackage(root: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'serfx-package-'))
  process.env[VARIABLE] = folder
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  })
  const [{ files }] = JSON.parse(listing) as [{ files: { path: string }[] }]
  for (const { path } of files) {
    const target = join(folder, 'node_modules/serfx', path)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, path), target)
  }
  mkdirSync(join(folder, 'node_modules/@types'))
  for (const name of ['rxjs', 'msgpackr', '@types/node'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
}

/** For jest's globalTeardown. */
export function removePackage(): void {
  rmSync(packedFolder(), { recursive: true, force: true })
}
