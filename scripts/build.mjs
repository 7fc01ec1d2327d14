// Builds dist/: CommonJS and declarations by tsc; then the handler entry as one file, with the few parts of
// rxjs that it needs inside (docs/decisions/0003-handler-bundle.md), since a script's start-up is its speed.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})
