import { spawnSync } from 'node:child_process'
import { startLife } from './life'
import { startRealCluster } from './real-cluster'
import { startTestCluster } from './test-cluster'

/** A cluster of the demo, and what its story needs. */
export interface DemoCluster {
  agent: { host: string; port: number }
  /** Ends a node without a word to the others. */
  fail: (name: string) => Promise<void> | void
  /** Brings it back. */
  restore: (name: string) => Promise<void> | void
  stop: () => Promise<void>
}

export interface Demo extends Pick<DemoCluster, 'agent' | 'stop'> {
  /** What it is, for the first line. */
  kind: string
}

/** Starts a cluster with some life in it: real agents, or a `TestAgent` where no `serf` can be had. */
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
