import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TestAgent } from 'serfx/testing'
import ts from 'typescript'
import { SerfAgent } from '../support/agents/serf-agent'
import { snippets, strangeFences } from '../support/run/snippets'

const run = promisify(execFile)
const root = join(__dirname, '../..')
// Within the package, so that `serfx` is what it exports: the built files and their types, as a user has
// them.
const folder = join(root, '.snippets')
const all = snippets(root)
const running = all.filter(({ noRun }) => noRun === undefined)
const resident = all.filter(({ noRun }) => noRun === 'it runs until it is stopped')
const scripts = all.filter(({ noRun }) => noRun === 'an agent starts it')

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  for (const { file, code } of all) writeFileSync(join(folder, file), code)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every fence is one that these specs understand', () => {
  expect(strangeFences(root)).toEqual([])
})

test('all snippets have right types', () => {
  const program = ts.createProgram(
    all.filter(({ file }) => file.endsWith('.mts')).map(({ file }) => join(folder, file)),
    {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      module: ts.ModuleKind.Node20,
      types: ['node', 'jest'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
  )
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  expect(faults).toEqual([])
})

describe('runs, and ends by itself', () => {
  let agent: SerfAgent
  beforeAll(async () => {
    agent = await SerfAgent.start({ name: 'web-1', tags: { role: 'web' } })
  })
  afterAll(() => agent.stop())

  test.each(running)('$place', async ({ file }) => {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
    const env = { ...process.env, SERF_RPC_ADDR: `${agent.host}:${agent.port}` }
    // Rejects, with what it wrote, when the status is not 0 or the time is over.
    const { stderr } = await run(process.execPath, [tsx, join(folder, file)], { env, timeout: 25_000 })
    expect(stderr).toBe('')
    agent.expectAlive()
  })
})

test.each(resident)('$place: runs until it is stopped', async ({ file }) => {
  await using agent = await TestAgent.start()
  const env = { ...process.env, SERF_RPC_ADDR: `${agent.host}:${agent.port}`, PORT: '0' }
  const child = spawn(process.execPath, ['--import', 'tsx', join(folder, file)], { cwd: root, env })
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += String(text)))
  const ended = once(child, 'close')
  await Promise.race([agent.streaming(), ended])
  child.kill('SIGTERM')
  const [status, signal] = (await ended) as [number | null, string | null]
  expect(stderr).toBe('')
  expect([0, 'SIGTERM']).toContain(status ?? signal)
})

test.each(scripts)('$place: answers a query', async ({ file, code }) => {
  const [, query = ''] = /ofQuery\('(\w+)'\)/.exec(code) ?? []
  const env = { ...process.env, SERF_EVENT: 'query', SERF_QUERY_NAME: query }
  const started = run(process.execPath, ['--import', 'tsx', join(folder, file)], { cwd: root, env })
  started.child.stdin?.end('check\n')
  const { stdout, stderr } = await started
  expect(stderr).toBe('')
  expect(stdout).not.toBe('')
})
