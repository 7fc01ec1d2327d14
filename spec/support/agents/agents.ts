import { SerfAgent, type SerfAgentOptions } from './serf-agent'
import { startCluster } from './serf-cluster'
import { startTestAgent, startTestCluster } from './test-agent'

/** What every kind of agent can be told when it starts. */
export interface AgentOptions {
  name?: string
  tags?: Record<string, string>
  /** Its `rpc_auth`; none by default. */
  authKey?: string
  /** The key (base64) that its gossip is encrypted with: only then it has a keyring. */
  encryptKey?: string
}

/** An agent as the contract specs see it, whichever kind it is of. */
export interface Agent {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly authKey: string | undefined
  /** Where other agents find it, for `join`. */
  readonly gossip: string
  /** Ends it without a word to the others, which find it failed. Throws when it had died on its own. */
  stop(): Promise<void>
  /** Kills it and starts it again, as it was configured: alone, whomever it had joined. */
  restarted(): Promise<Agent>
  /** Resolves when it has ended because it was told to, as `leave` does. */
  exited(): Promise<void>
  /** Throws when it has died on its own: the spec is not to blame. */
  expectAlive(): void
}

export interface AgentKind {
  readonly kind: string
  readonly start: (options?: AgentOptions) => Promise<Agent>
  /** One agent per set of options, each listing all as alive. */
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

/** Every contract spec runs on each of these: what the one does, the other does. */
export const agentKinds: readonly AgentKind[] = [serfAgent, testAgent]

/** Stops all of them; the first that had died on its own is reported when all have ended. */
export async function stopAll(...agents: readonly Agent[]): Promise<void> {
  const outcomes = await Promise.allSettled(agents.map((agent) => agent.stop()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
