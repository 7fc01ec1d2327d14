import { SerfAgent, type SerfAgentOptions } from './serf-agent'
import { startCluster } from './serf-cluster'
import { startTestAgent, startTestCluster } from './test-agent'

/** The options that every kind of agent has. */
export interface AgentOptions {
  name?: string
  tags?: Record<string, string>
  /** The agent's `rpc_auth`. Default: none. */
  authKey?: string
  /** The gossip key in base64. An agent without one has no keyring. */
  encryptKey?: string
}

/** An agent of either kind, as the contract specs use it. */
export interface Agent {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly authKey: string | undefined
  /** The address that other agents join. */
  readonly gossip: string
  /** Ends it without notice, so that the others find it failed. Throws if it had died on its own. */
  stop(): Promise<void>
  /** Kills it and starts it again with the same configuration. It is then alone in its cluster. */
  restarted(): Promise<Agent>
  /** Resolves once it has ended by a command, such as `leave`. */
  exited(): Promise<void>
  /** Throws if it has died on its own, since the spec is then not at fault. */
  expectAlive(): void
}

export interface AgentKind {
  readonly kind: string
  readonly start: (options?: AgentOptions) => Promise<Agent>
  /** Starts one agent for each set of options, and resolves once each lists all as alive. */
  readonly startCluster: <const Options extends readonly AgentOptions[]>(
    ...options: Options
  ) => Promise<{ [Index in keyof Options]: Agent }>
}

const realOptions = ({ encryptKey, ...options }: AgentOptions): SerfAgentOptions => ({
  ...options,
  ...(encryptKey === undefined ? {} : { config: { encrypt_key: encryptKey } }),
})

const serfAgent: AgentKind = {
  kind: 'serf agent',
  start: (options = {}) => SerfAgent.start(realOptions(options)),
  startCluster: async <Options extends readonly AgentOptions[]>(...options: Options) =>
    (await startCluster(...options.map(realOptions))) as { [Index in keyof Options]: Agent },
}

const testAgent: AgentKind = {
  kind: 'TestAgent',
  start: startTestAgent,
  startCluster: async <Options extends readonly AgentOptions[]>(...options: Options) =>
    (await startTestCluster(options)) as { [Index in keyof Options]: Agent },
}

/** Every contract spec runs on both kinds, so that TestAgent does what a real agent does. */
export const agentKinds: readonly AgentKind[] = [serfAgent, testAgent]

/** Stops all of them. Then throws the error of the first that had died on its own, if any. */
export async function stopAll(...agents: readonly Agent[]): Promise<void> {
  const outcomes = await Promise.allSettled(agents.map((agent) => agent.stop()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
