import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../peers/', import.meta.url))

/** Installs node-serf where it is missing. Returns why it could not, or `undefined`. */
export function peersProblem() {
  if (existsSync(`${folder}node_modules/node-serf/serf.js`)) return undefined
  try {
    execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    const reason = String(error.stderr ?? error.message)
      .trim()
      .split('\n')[0]
    return `node-serf is left out, it could not be installed: ${reason}`
  }
}
