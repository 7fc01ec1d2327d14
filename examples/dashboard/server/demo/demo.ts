import { spawnSync } from 'node:child_process'
import { startLife } from './life'
import { startRealCluster } from './real-cluster'
import { startTestCluster } from './test-cluster'

/** A cluster of the demo, and what can be done to it. */
export interface DemoCluster {
  agent: { host: string; port: number }
  /** Kills a node without a goodbye to the others. */
  fail: (name: string) => Promise<void> | void
  /** Brings it back. */
  restore: (name: string) => Promise<void> | void
  stop: () => Promise<void>
}

export interface Demo extends Pick<DemoCluster, 'agent' | 'stop'> {
  /** What it is, for the first line. */
  kind: string
}

/** Starts a cluster in which things happen: real agents, or a `TestAgent` if `serf` is not installed. */
export async function startDemo(): Promise<Demo> {
  const real = hasSerf()
  const cluster = await (real ? startRealCluster() : startTestCluster())
  const endLife = startLife(cluster)
  return {
    kind: real
      ? 'A demo cluster of real agents: --agent HOST:PORT shows yours.'
      : 'A demo cluster by serfx/testing, as no serf was found: --agent HOST:PORT shows yours.',
    agent: cluster.agent,
    stop: async () => {
      await endLife()
      await cluster.stop()
    },
  }
}

function hasSerf(): boolean {
  return spawnSync(process.env['SERF_BIN'] ?? 'serf', ['version'], { stdio: 'ignore' }).error === undefined
}
