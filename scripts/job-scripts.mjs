// Puts the shell and awk scripts of lib/jobs/scripts into lib/jobs/scripts.ts as texts, so that they are in
// every build and bundle. `npm run job-scripts` writes that file; the build fails when it does not hold what
// the scripts say.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lib/jobs/scripts')
const target = `${folder}.ts`

const TEXTS = {
  SUPERVISE: ['supervise.sh'],
  WAIT: ['wait.awk'],
  LAUNCH: ['launch.sh'],
  EXEC_COMMAND: ['record.sh', 'exec-command.sh'],
  FINISH: ['record.sh', 'finish.sh'],
}

/** Fails when lib/jobs/scripts.ts is not what the scripts make. */
export function checkJobScripts() {
  if (readFileSync(target, 'utf8') !== render())
    throw new Error('lib/jobs/scripts.ts is older than lib/jobs/scripts: npm run job-scripts')
}

function render() {
  const head = '// Made of the files in lib/jobs/scripts by `npm run job-scripts`: change those, not this.\n'
  const texts = Object.entries(TEXTS).map(([name, files]) => `export const ${name} = ${literal(files)}\n`)
  return [head, ...texts].join('\n')
}

/** Comments are for who reads the scripts: every running job would carry them in its environment. */
function literal(files) {
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('')
  const code = text.replace(/^\s*#.*\n/gm, '').replace(/^\n/gm, '')
  return `\`\n${code.replace(/[\\`]|\$\{/g, '\\$&')}\``
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, render())
