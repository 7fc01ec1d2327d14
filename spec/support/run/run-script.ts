import { spawn, type StdioOptions } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { withoutSerf } from './processes'

export interface ScriptRun {
  /** The SERF_* variables. */
  env?: Record<string, string>
  /** Sent to stdin, which then ends. */
  input?: string | Uint8Array
  /** Replaces the default, a pipe for each. */
  stdio?: StdioOptions
  /** Writes to stdin and ends it, instead of `input`. */
  feed?: (stdin: Writable, output: { stdout: Readable; stderr: Readable }) => void
}

export interface ScriptResult {
  status: number | null
  stdout: Buffer
  stderr: string
}

/**
 * Runs a script with this Node as an agent does, and waits for its end. Past the deadline it kills the script
 * and throws.
 */
export function runScript(file: string, run: ScriptRun = {}, deadline = 25_000): Promise<ScriptResult> {
  const { env = {}, input = '', stdio = 'pipe', feed } = run
  const child = spawn(process.execPath, [file], { env: { ...withoutSerf(process.env), ...env }, stdio })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  child.stdin?.on('error', () => undefined) // a script that failed before it read
  if (feed && child.stdin && child.stdout && child.stderr)
    feed(child.stdin, { stdout: child.stdout, stderr: child.stderr })
  else child.stdin?.end(input)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(
        new Error(`${file} did not end within ${deadline} ms; stderr: ${Buffer.concat(stderr).toString()}`),
      )
    }, deadline)
    child.once('error', reject)
    child.once('close', (status) => {
      clearTimeout(timer)
      resolve({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() })
    })
  })
}

function collect(stream: Readable | null): Buffer[] {
  const pieces: Buffer[] = []
  stream?.on('data', (piece: Buffer) => pieces.push(piece))
  return pieces
}
