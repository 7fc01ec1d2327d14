import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port'
import { stopProcess } from '../run/processes'
import { until } from '../time/until'

export interface SerfAgentOptions {
  name?: string
  tags?: Record<string, string>
  authKey?: string
  /**
   * More settings for the agent's configuration file, by Serf's names (`event_handlers`, `encrypt_key`, ...).
   */
  config?: Record<string, unknown>
  /** More variables for the environment of the agent, which its handlers inherit. */
  env?: Record<string, string>
  /** The ports to listen on, for an agent that takes the place of another. Default: free ports. */
  port?: number
  bindPort?: number
}

/** How many characters of an agent's log are kept, when it has written more. */
const LOG_AT_LEAST = 4 * 1024 * 1024

/** The agents that run, and the folder of each. */
const running = new Map<ChildProcess, string>()
process.once('exit', () => {
  for (const [child, folder] of running) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A real `serf agent` on loopback. The program is $SERF_BIN, or else `serf` in the PATH. */
export class SerfAgent {
  readonly host = '127.0.0.1'
  #log = ''
  #stopping = false
  readonly #exited: Promise<void>

  private constructor(
    readonly name: string,
    readonly port: number,
    /** The address that other agents join: `127.0.0.1:PORT`. */
    readonly gossip: string,
    readonly authKey: string | undefined,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly options: SerfAgentOptions,
  ) {
    for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => this.#keep(String(text)))
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => {
        running.delete(child)
        resolve()
      })
      child.once('error', (error) => {
        this.#keep(`${error.message}\n`)
        running.delete(child)
        resolve()
      })
    })
  }

  static async start(options: SerfAgentOptions = {}): Promise<SerfAgent> {
    for (let attempt = 1; ; attempt++) {
      const agent = await SerfAgent.#launch(options)
      try {
        await until(`agent ${agent.name} accepts RPC connections`, () => agent.#accepts())
        return agent
      } catch (error) {
        const inUse = agent.log.includes('address already in use') && options.port === undefined
        agent.#stopping = true
        await agent.stop()
        if (!inUse || attempt === 5) throw error
      }
    }
  }

  static async #launch(options: SerfAgentOptions): Promise<SerfAgent> {
    const { name = 'node-a', tags = {}, authKey, config = {}, env = {} } = options
    const port = options.port ?? (await freePort())
    const bindPort = options.bindPort ?? (await freePort())
    const folder = mkdtempSync(join(tmpdir(), 'serfx-agent-'))
    const file = join(folder, 'agent.json')
    writeFileSync(
      file,
      JSON.stringify({ tags, ...(authKey === undefined ? {} : { rpc_auth: authKey }), ...config }),
    )
    const gossip = `127.0.0.1:${bindPort}`
    const child = spawn(
      process.env['SERF_BIN'] ?? 'serf',
      [
        'agent',
        `-node=${name}`,
        `-bind=${gossip}`,
        `-rpc-addr=127.0.0.1:${port}`,
        '-profile=local',
        `-config-file=${file}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    )
    running.set(child, folder)
    return new SerfAgent(name, port, gossip, authKey, child, folder, { ...options, port, bindPort })
  }

  get pid(): number {
    return this.child.pid ?? -1
  }

  #keep(text: string): void {
    this.#log += text
    if (this.#log.length > 2 * LOG_AT_LEAST) this.#log = this.#log.slice(-LOG_AT_LEAST)
  }

  /** What it has written to stdout and stderr so far, or the end of it. */
  get log(): string {
    return this.#log
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined
  }

  async #accepts(): Promise<boolean> {
    this.expectAlive()
    return new Promise((resolve) => {
      const socket = dial(this.port, this.host)
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
  }

  /**
   * Throws an error with the end of the log if the agent has died on its own, since the spec is then not at
   * fault.
   */
  expectAlive(): void {
    if (this.#stopping || this.alive) return
    throw new Error(
      `agent ${this.name} died on its own (exit ${this.child.exitCode ?? this.child.signalCode ?? 'unknown'}):\n${this.#log.slice(-3000)}`,
    )
  }

  signal(signal: NodeJS.Signals): void {
    if (this.alive) this.child.kill(signal)
  }

  /** Stops it with SIGSTOP, until SIGCONT, and waits until it has stopped. */
  async freeze(): Promise<void> {
    await stopProcess(this.pid)
  }

  /** Resolves when the process has ended, whoever ended it. */
  exited(): Promise<void> {
    this.#stopping = true
    return this.#exited
  }

  /** Kills it with SIGKILL and waits for its end. Throws if it had died on its own before. */
  async stop(): Promise<void> {
    try {
      this.expectAlive()
    } finally {
      this.#stopping = true
      this.signal('SIGKILL')
      await this.#exited
      rmSync(this.folder, { recursive: true, force: true })
    }
  }

  /** Kills it with SIGKILL and starts it again on the same ports. */
  async restarted(): Promise<SerfAgent> {
    await this.stop()
    return SerfAgent.start(this.options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
