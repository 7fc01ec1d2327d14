import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packedFolder } from '../support/run/packed'

const run = promisify(execFile)
const root = join(__dirname, '../..')
const entries = ['serfx', 'serfx/handler', 'serfx/jobs', 'serfx/testing']

async function inPackedFolder(file: string, code: string): Promise<unknown> {
  const path = join(packedFolder(), file)
  writeFileSync(path, code)
  const { stdout, stderr } = await run(process.execPath, [path])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as unknown
}

describe.each(entries)('%s as it is packed', (entry) => {
  const file = entry.replace('/', '-')

  it('gives the same by import as by require', async () => {
    const code = `
      import { createRequire } from 'node:module'
      import * as imported from '${entry}'
      const required = createRequire(import.meta.url)('${entry}')
      const names = Object.keys(required).sort()
      console.log(JSON.stringify({ names, same: names.every((name) => imported[name] === required[name]) }))`
    const { names, same } = (await inPackedFolder(`${file}.mjs`, code)) as { names: string[]; same: boolean }
    expect(names.length).toBeGreaterThan(0)
    expect(same).toBe(true)
  })

  it('loads what it may', async () => {
    // What is a file of a package, by the name of the package; rxjs is a link here, to where it really is.
    const code = `
      require('${entry}')
      const names = Object.keys(require.cache).map((path) => path.split('/node_modules/')[1]?.split('/')[0])
      console.log(JSON.stringify([...new Set(names)].filter(Boolean)))`
    const loaded = (await inPackedFolder(`${file}-loads.cjs`, code)) as string[]
    const allowed = entry === 'serfx' || entry === 'serfx/testing' ? ['serfx', 'rxjs'] : ['serfx']
    expect(loaded).toContain('serfx')
    expect(loaded.filter((name) => !allowed.includes(name))).toEqual([])
  })
})

it('has one file of declarations an entry, and each declaration the one comment that is its own', () => {
  const dist = join(packedFolder(), 'node_modules/serfx/dist')
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  )
  expect(files.sort()).toEqual(['handler/index.d.ts', 'index.d.ts', 'jobs/index.d.ts', 'testing/index.d.ts'])
  for (const file of files) {
    const text = readFileSync(join(dist, file), 'utf8')
    // The comment of a whole file would stand before that of its first declaration.
    expect(text).not.toMatch(/\*\/\s*\/\*\*/)
    // The package has no other declarations to refer to.
    expect(text).not.toMatch(/from '\./)
  }
})

it('loads msgpackr for a message that has no reader of its own, and not before', async () => {
  const code = `
    const { connect } = require('serfx')
    const { TestAgent } = require('serfx/testing')
    const { firstValueFrom } = require('rxjs')
    const loaded = () => Object.keys(require.cache).some((path) => path.includes('/node_modules/msgpackr/'))
    TestAgent.start().then(async (agent) => {
      const connection = await firstValueFrom(connect({ host: agent.host, port: agent.port, authKey: '' }))
      await firstValueFrom(connection.stats())
      const before = loaded()
      const { body } = await firstValueFrom(connection.request('stats'))
      console.log(JSON.stringify({ before, after: loaded(), name: body.agent.name }))
      connection.close()
      await agent.stop()
    })`
  const name = expect.any(String)
  expect(await inPackedFolder('general.cjs', code)).toEqual({ before: false, after: true, name })
})

it('is light, with both builds: under 250 kB to fetch, under 1 MB to keep', () => {
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  })
  const [{ size, unpackedSize }] = JSON.parse(listing) as [{ size: number; unpackedSize: number }]
  expect(size).toBeLessThan(250_000)
  expect(unpackedSize).toBeLessThan(1_000_000)
})
