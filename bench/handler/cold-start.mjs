/**
 * How long a handler script takes from start to exit, compared with `node -e 0`: `npm run bench:handler`. An
 * agent runs scripts one after another in its event loop, so this limits how many it can run. The environment
 * is passed on, as an agent does. What slows every Node process, such as NODE_EXTRA_CA_CERTS, makes the
 * ratios smaller, so the table has the difference too. An empty file shows what any script takes.
 *
 * Usage: node bench/handler/cold-start.mjs [rounds, default 30]
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { machine } from '../support/machine.mjs'
import { rounds } from '../support/rounds.mjs'
import { median, ratio } from '../support/statistics.mjs'
import { table } from '../support/table.mjs'

const count = Number(process.argv[2] ?? 30)
const script = (name) => [fileURLToPath(new URL(`scripts/${name}`, import.meta.url))]
const BARE = { name: '`node -e 0`', args: ['-e', '0'], answer: '' }
const FORMS = [
  BARE,
  { name: 'empty file, CommonJS', args: script('empty.cjs'), answer: '' },
  { name: 'empty file, ESM', args: script('empty.mjs'), answer: '' },
  { name: 'serfx/handler, CommonJS', args: script('serfx.cjs'), answer: 'FOO', goal: 1.2 },
  { name: 'serfx/handler, ESM', args: script('serfx.mjs'), answer: 'FOO', goal: 1.3 },
  { name: 'plain rxjs, CommonJS', args: script('rxjs.cjs'), answer: 'FOO' },
  { name: 'plain rxjs, ESM', args: script('rxjs.mjs'), answer: 'FOO' },
]

function run({ args, answer }) {
  const env = { ...process.env, SERF_EVENT: 'query', SERF_QUERY_NAME: 'upcase' }
  const started = process.hrtime.bigint()
  const { status, stdout } = spawnSync(process.execPath, args, { env, input: 'foo\n', encoding: 'utf8' })
  const took = Number(process.hrtime.bigint() - started) / 1e6
  if (status !== 0 || stdout !== answer) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}`)
  return took
}

await rounds(FORMS, 2, run) // fills the file cache
const results = await rounds(FORMS, count, run)
const time = (form) => median(results.get(form))

console.log(`${machine()}; median of ${count} rounds\n`)
const rows = FORMS.map((form) => {
  const [took, bare] = [time(form), time(BARE)]
  const goal = form.goal && `${ratio(form.goal)}, ${took / bare <= form.goal ? 'met' : 'missed'}`
  return [form.name, took.toFixed(1), (took - bare).toFixed(1), ratio(took / bare), goal ?? '']
})
console.log(table(['script', 'ms', 'beyond `node -e 0`', 'to `node -e 0`', 'goal'], rows))
