/**
 * How long a handler script takes from start to exit, against a bare `node -e 0`: an agent runs scripts one after another
 * in its event loop, so this is their speed. Build first: `npm run bench:handler` does. The forms take turns, so that a
 * machine's mood hits all alike. The environment is handed on, as an agent does; what slows every Node, such as
 * NODE_EXTRA_CA_CERTS, makes the ratios smaller, so the difference is printed too, and so is the floor: an empty file.
 * Usage: tsx bench/handler/cold-start.ts [runs, default 30]
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const runs = Number(process.argv[2] ?? 30)
const script = (name: string): string[] => [join(__dirname, 'scripts', name)]
const forms: { name: string; args: string[]; answer: string; goal?: number }[] = [
  { name: 'node -e 0', args: ['-e', '0'], answer: '' },
  { name: 'empty file, CommonJS', args: script('empty.cjs'), answer: '' },
  { name: 'empty file, ESM', args: script('empty.mjs'), answer: '' },
  { name: 'serfx/handler, CommonJS', args: script('serfx.cjs'), answer: 'FOO', goal: 1.2 },
  { name: 'serfx/handler, ESM', args: script('serfx.mjs'), answer: 'FOO', goal: 1.3 },
  { name: 'plain rxjs, CommonJS', args: script('rxjs.cjs'), answer: 'FOO' },
  { name: 'plain rxjs, ESM', args: script('rxjs.mjs'), answer: 'FOO' },
]

function run(args: readonly string[], answer: string): number {
  const env = { ...process.env, SERF_EVENT: 'query', SERF_QUERY_NAME: 'upcase' }
  const start = process.hrtime.bigint()
  const { status, stdout } = spawnSync(process.execPath, args, { env, input: 'foo\n', encoding: 'utf8' })
  const took = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0 || stdout !== answer) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}`)
  return took
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

const times = forms.map((): number[] => [])
for (let round = -2; round < runs; round++) {
  for (let turn = 0; turn < forms.length; turn++) {
    const index = (turn + runs + round) % forms.length // nobody always runs after the same one
    const took = run(forms[index]?.args ?? [], forms[index]?.answer ?? '')
    if (round >= 0) times[index]?.push(took) // the first two rounds warm the file cache
  }
}

const bare = median(times[0] ?? [])
console.log(`Node ${process.version}, median of ${runs} runs`)
for (const [index, { name, goal }] of forms.entries()) {
  const took = median(times[index] ?? [])
  const wanted =
    goal === undefined ? '' : `   goal ${goal.toFixed(2)}: ${took / bare <= goal ? 'met' : 'missed'}`
  const added = `+ ${(took - bare).toFixed(1).padStart(4)} ms`
  console.log(
    `${name.padEnd(24)} ${took.toFixed(1).padStart(6)} ms   ${added}   ${(took / bare).toFixed(2)} x${wanted}`,
  )
}
