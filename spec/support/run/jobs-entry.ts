import { buildSync } from 'esbuild'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { AsyncJobOptions } from 'serfx/jobs'

export const FIXTURES = resolve('spec/fixtures/jobs')

/** Bundles the entry into one file that plain `node` can load. Also gives its sources and what it imports. */
export function buildEntry(folder: string): { file: string; inputs: string[]; loads: string[] } {
  const file = join(folder, 'jobs.cjs')
  const { metafile } = buildSync({
    entryPoints: ['lib/jobs/index.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['rxjs'],
    outfile: file,
    metafile: true,
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  return { file, inputs: Object.keys(metafile.inputs), loads: imports.map((found) => found.path) }
}

/** Runs steps of a job in a separate process and waits for its end. Gives what each step returned. */
export function elsewhere(entry: string, options: AsyncJobOptions, ...steps: string[]): string[] {
  const args = [join(FIXTURES, 'steps.cjs'), entry, JSON.stringify(options), ...steps]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[]
}

/** A process that runs the steps once it reads a line, so that many can start them at the same instant. */
export function standsBy(entry: string, options: AsyncJobOptions, ...steps: string[]): Standby {
  const args = [join(FIXTURES, 'steps.cjs'), '--stand-by', entry, JSON.stringify(options), ...steps]
  return new Standby(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
}

export class Standby {
  #output = ''
  readonly ready: Promise<void>
  readonly answers: Promise<string[]>

  constructor(private readonly child: ChildProcess) {
    let isReady: () => void = () => undefined
    this.ready = new Promise((done) => (isReady = done))
    child.stdout?.on('data', (text) => {
      this.#output += String(text)
      if (this.#output.startsWith('ready\n')) isReady()
    })
    this.answers = new Promise((done, failed) => {
      child.once('error', failed)
      child.once('close', (code) => {
        if (code === 0) done(JSON.parse(this.#output.slice('ready\n'.length)) as string[])
        else failed(new Error(`a process that stood by ended with ${code ?? 'a signal'}: ${this.#output}`))
      })
    })
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  go(): void {
    this.child.stdin?.end('go\n')
  }
}
