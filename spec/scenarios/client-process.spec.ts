import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { freePort } from '../support/agents/free-port'
import { SerfAgent } from '../support/agents/serf-agent'

const run = promisify(execFile)
const root = join(__dirname, '..', '..')
let folder: string
let agent: SerfAgent

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serfx-process-'))
  buildSync({
    entryPoints: [join(root, 'lib', 'index.ts')],
    outfile: join(folder, 'serfx.js'),
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  })
  buildSync({
    entryPoints: [require.resolve('rxjs')],
    outfile: join(folder, 'rxjs.js'),
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  })
  agent = await SerfAgent.start()
})
afterAll(async () => {
  await agent.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a script; it has to end by itself, and in much less time than any of the client's timers. */
async function ends(body: string, port = agent.port): Promise<string> {
  const file = join(folder, `script-${Math.random().toString(36).slice(2)}.js`)
  writeFileSync(
    file,
    `const { createClient } = require('./serfx.js')
     const { firstValueFrom, take } = require('./rxjs.js')
     const where = { host: '127.0.0.1', port: ${port} }
     const main = async () => { ${body} }
     main().then((value) => console.log(value), (error) => console.log(error.code))`,
  )
  const { stdout, stderr } = await run(process.execPath, ['--trace-warnings', file], { timeout: 8_000 })
  expect(stderr).toBe('')
  return stdout.trim()
}

describe('a script ends by itself', () => {
  it.each([
    ['with its answer', 'return (await firstValueFrom(createClient(where).members())).length', '1'],
    [
      'with the heartbeat on',
      'return (await firstValueFrom(createClient({ ...where, heartbeat: 50 }).members())).length',
      '1',
    ],
    [
      'with a stream that lingers',
      `const client = createClient({ ...where, watchDrops: true })
       const seen = firstValueFrom(client.stream('user:x'))
       await firstValueFrom(client.event('x', 'text', { coalesce: false }))
       return (await seen).text`,
      'text',
    ],
    [
      'with a membership that was looked at once',
      'return (await firstValueFrom(createClient(where).membership())).size',
      '1',
    ],
    [
      'when only the status and the gaps are watched',
      `const client = createClient(where)
       client.status$.subscribe((status) => console.log(status))
       client.gaps$.subscribe()
       await firstValueFrom(client.stats())
       return 'done'`,
      'idle\nconnecting\nready\ndone',
    ],
    [
      'with a monitor that was read',
      `const client = createClient(where)
       return (await firstValueFrom(client.monitor('info').pipe(take(1)))).length > 0`,
      'true',
    ],
    [
      'without a limit of time',
      'return (await firstValueFrom(createClient({ ...where, timeout: 0 }).members())).length',
      '1',
    ],
  ])('%s', async (_, body, output) => {
    expect(await ends(body)).toBe(output)
  })

  it('where nobody listens', async () => {
    expect(await ends('await firstValueFrom(createClient(where).members())', await freePort())).toBe(
      'ECONNREFUSED',
    )
  })

  it('but not while it waits for the agent to come back', async () => {
    const doomed = await SerfAgent.start()
    const body = `const client = createClient(where)
      client.stream().subscribe({ complete: () => console.log('completed') })
      await firstValueFrom(client.stats())
      process.kill(${doomed.pid}, 'SIGKILL')
      setTimeout(() => client.close(), 1_000).unref()
      return 'waiting'`
    const done = ends(body, doomed.port)
    await doomed.exited()
    expect(await done).toBe('waiting\ncompleted')
    await doomed.stop()
  })
})
