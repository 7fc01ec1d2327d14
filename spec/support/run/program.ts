import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Agent } from '../agents/agents'
import { until } from '../time/until'
import { withoutSerf } from './processes'

const root = join(__dirname, '../../..')

interface ProgramOptions {
  /** The agent whose address and key it gets in $SERF_RPC_ADDR and $SERF_RPC_AUTH. */
  agent?: Pick<Agent, 'host' | 'port' | 'authKey'>
  env?: Record<string, string>
}

/** A program of examples/ in its own process, as a user runs it. Take it with `await using`. */
export class Program {
  stdout = ''
  stderr = ''
  readonly #closed: Promise<void>

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (text) => (this.stdout += String(text)))
    child.stderr?.on('data', (text) => (this.stderr += String(text)))
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()))
  }

  static example(file: string, args: readonly string[] = [], options: ProgramOptions = {}): Program {
    const { agent, env = {} } = options
    const child = spawn(process.execPath, ['--import', 'tsx', join('examples', file), ...args], {
      cwd: root,
      env: { ...withoutSerf(process.env), ...(agent ? addressOf(agent) : {}), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new Program(file, child)
  }

  get lines(): string[] {
    return this.stdout.trimEnd().split('\n')
  }

  /** Waits until it has printed this text to stdout or stderr. */
  async printed(text: string, deadline?: number): Promise<void> {
    const condition = () => {
      if ((this.stdout + this.stderr).includes(text)) return true
      if (this.child.exitCode !== null) throw new Error(`it ended before: ${this.#said()}`)
      return false
    }
    await until(`${this.name} prints ${JSON.stringify(text)}`, condition, deadline).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}; it said: ${this.#said()}`)
      },
    )
  }

  /**
   * Waits for its end and gives the lines of stdout. Throws its output if the status is not 0 or stderr is
   * not empty.
   */
  async succeeded(): Promise<string[]> {
    const status = await this.ended()
    if (status !== 0 || this.stderr !== '')
      throw new Error(`${this.name}: status ${String(status)}, ${this.#said()}`)
    return this.lines
  }

  /** Waits for its end and gives the status, or the signal that ended it. */
  async ended(): Promise<number | string | null> {
    const { child } = this
    await until(`${this.name} ends`, () => child.exitCode !== null || child.signalCode !== null)
    await this.#closed
    return child.exitCode ?? child.signalCode
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL')
    await this.#closed
  }

  #said(): string {
    return `stdout:\n${this.stdout}\nstderr:\n${this.stderr}`
  }
}

function addressOf({ host, port, authKey }: NonNullable<ProgramOptions['agent']>): Record<string, string> {
  return { SERF_RPC_ADDR: `${host}:${port}`, ...(authKey === undefined ? {} : { SERF_RPC_AUTH: authKey }) }
}
