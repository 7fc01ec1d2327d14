import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compileScript } from '../support/run/compile-script'
import { packedFolder, scriptFolder } from '../support/run/packed'
import { runScript } from '../support/run/run-script'

const folder = scriptFolder('handler')
const env = { SERF_EVENT: 'query', SERF_QUERY_NAME: 'upcase', SERF_QUERY_LTIME: '7' }

// Not within a test: on a busy machine a compiler takes longer than a test may.
compileScript(folder, 'upcase-typed.mts', 'pipeline-script.cts')

async function report(file: string): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await runScript(join(folder, file), { env, input: 'foo\n' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout.toString()) as Record<string, unknown>
}

describe('serfx/handler as it is packed', () => {
  it('goes together with the rxjs of its user, both ways', async () => {
    expect(await report('interop.mjs')).toEqual({
      operators: ['foo'],
      first: 'upcase',
      from: 'query',
      merged: ['peer', 'query'],
      inner: 7,
      isObservable: true,
      onPeer: ['upcase'],
      answered: ['FOO'],
      error: [true, true, 'NO_EVENT'],
      sameInstance: true,
    })
  })

  it('loads itself, its errors and nothing else: neither rxjs, nor msgpackr, nor a socket', async () => {
    const { files, builtin } = await report('loaded.cjs')
    const home = join(packedFolder(), 'node_modules/serfx/dist/')
    expect(files).toEqual(
      ['handler/index.js', 'handler/bundle.js', 'errors.js'].map((file) => join(home, file)),
    )
    // What is internal is Node's own reading of the `exports` of a package.
    expect((builtin as string[]).filter((name) => !name.includes(' internal/'))).toEqual([])
  })

  it('has no built file that nothing loads', () => {
    const files = readdirSync(join(packedFolder(), 'node_modules/serfx/dist/handler'))
    expect(files.filter((file) => file.endsWith('.js')).sort()).toEqual(['bundle.js', 'index.js'])
  })

  it('answers from CommonJS, from ESM, and from TypeScript compiled to either against its types', async () => {
    for (const file of ['upcase.cjs', 'upcase.mjs', 'upcase-typed.mjs', 'pipeline-script.cjs']) {
      const result = await runScript(join(folder, file), { env, input: 'foo\n' })
      expect(result).toEqual({ status: 0, stdout: Buffer.from('FOO'), stderr: '' })
    }
  })

  it.each(['script-handler.mjs', 'script-handler.cjs'])('makes the example %s answer', async (file) => {
    const example = join(__dirname, '../../examples', file)
    expect(statSync(example).mode & 0o111).toBe(0o111)
    const result = await runScript(example, { env, input: 'foo\n' })
    expect(result).toEqual({ status: 0, stdout: Buffer.from('FOO'), stderr: '' })
  })
})
