/**
 * What `import 'serfx'` adds to a program that has rxjs, and the size of the package: `npm run bench:import`.
 * It measures whole processes, which take turns.
 *
 * Usage: node bench/import/cost.mjs [rounds, default 25]
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'

const KB = 1000
const LIMITS = { tarball: 225 * KB, unpacked: 1000 * KB }
const count = Number(process.argv[2] ?? 25)
const root = fileURLToPath(new URL('../../', import.meta.url))
const FORMS = [
  { name: 'nothing', file: 'empty' },
  { name: 'rxjs', file: 'rxjs' },
  { name: 'rxjs and msgpackr', file: 'msgpackr' },
  { name: 'serfx', file: 'serfx' },
]

function run(script) {
  const started = process.hrtime.bigint()
  execFileSync(process.execPath, [fileURLToPath(new URL(`scripts/${script}`, import.meta.url))])
  return Number(process.hrtime.bigint() - started) / 1e6
}

const scripts = FORMS.flatMap(({ file }) => [`${file}.cjs`, `${file}.mjs`])
await rounds(scripts, 2, run) // fills the file cache
const results = await rounds(scripts, count, run)
const time = (file, type) => median(results.get(`${file}.${type}`))
const ms = (value) => value.toFixed(1)

console.log(`${machine()}; median of ${count} rounds, ms for a whole process\n`)
const columns = ['loaded', 'require', 'to rxjs', 'import', 'to rxjs']
const rows = FORMS.map(({ name, file }) => [
  name,
  ...['cjs', 'mjs'].flatMap((type) => [ms(time(file, type)), ratio(time(file, type) / time('rxjs', type))]),
])
console.log(table(columns, rows))

// `--ignore-scripts`, because `npm run bench:import` has built it already.
const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
})
const [{ size, unpackedSize, entryCount }] = JSON.parse(packed)
console.log(
  `\nThe package: ${weighed('tarball', size)}, ${weighed('unpacked', unpackedSize)}; ${entryCount} files`,
)

function weighed(what, bytes) {
  const limit = LIMITS[what]
  if (bytes > limit) process.exitCode = 1
  return `${what} ${Math.ceil(bytes / KB)} kB (limit ${limit / KB} kB${bytes > limit ? ', missed' : ''})`
}
