/** A node of the demo cluster. */
export interface Part {
  name: string
  tags: Record<string, string>
  /** Milliseconds from the first node, if the network is simulated. */
  distance: number
}

const node = (name: string, role: string, zone: string, distance: number, more = {}): Part => ({
  name,
  tags: { role, zone, ...more },
  distance,
})

/** The nodes of the demo; the first is the agent that the dashboard connects to. */
export const CAST: readonly [Part, ...Part[]] = [
  node('gateway-1', 'gateway', 'eu-west-1a', 0, { version: '4.2.1' }),
  node('gateway-2', 'gateway', 'eu-west-1b', 0.8, { version: '4.2.1' }),
  node('api-1', 'api', 'eu-west-1a', 0.4, { version: '4.2.1' }),
  node('api-2', 'api', 'eu-west-1b', 0.9, { version: '4.2.1' }),
  node('api-3', 'api', 'us-east-1a', 71.6, { version: '4.2.0' }),
  node('web-1', 'web', 'eu-west-1a', 0.5, { version: '4.2.1' }),
  node('web-2', 'web', 'eu-west-1b', 1.1, { version: '4.2.1' }),
  node('web-3', 'web', 'us-east-1a', 72.4, { version: '4.2.0', canary: 'true' }),
  node('postgres-primary', 'db', 'eu-west-1a', 0.3, { shard: '0' }),
  node('postgres-replica-1', 'db', 'eu-west-1b', 1.2, { shard: '0' }),
  node('postgres-replica-2', 'db', 'us-east-1a', 74.1, { shard: '0' }),
  node('redis-1', 'cache', 'eu-west-1a', 0.6),
  node('redis-2', 'cache', 'us-east-1a', 73.2),
  node('worker-1', 'worker', 'eu-west-1b', 1.4, { queue: 'mail' }),
  node('worker-2', 'worker', 'ap-south-1a', 131.8, { queue: 'reports' }),
  node('metrics-1', 'metrics', 'eu-west-1a', 0.7),
]

/** Comes and goes. */
export const UNSTEADY = 'worker-2'
/** Answers no query. */
export const SILENT = 'redis-2'

/** What a node answers to a query; `undefined` leaves it silent. */
export function answer(name: string, query: string): string | undefined {
  if (name === SILENT) return undefined
  const part = CAST.find((known) => known.name === name)
  switch (query) {
    case 'uptime':
      return `${Math.floor(process.uptime())} s`
    case 'version':
      return part?.tags['version'] ?? 'unversioned'
    case 'zone':
      return part?.tags['zone']
    default:
      return undefined
  }
}
