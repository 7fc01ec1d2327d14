import type { EventType, MemberStatus } from '../../messages'
import type { Cluster } from '../cluster/cluster'

const STATUSES: readonly MemberStatus[] = ['none', 'alive', 'leaving', 'left', 'failed']
const EVENT_TYPES: readonly EventType[] = [
  'member-join',
  'member-leave',
  'member-failed',
  'member-update',
  'member-reap',
  'user',
  'query',
]

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

/**
 * What is known of the cluster, for Prometheus: as many series as there are members, and a few.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metrics(cluster: Cluster, tabs: number): string {
  const { connection, health, members, roundTrips, eventTotals } = cluster
  const count = (status: MemberStatus) => [...members.values()].filter((member) => member.status === status)
  return [
    metric('serf_agent_ready', 'gauge', 'Whether the agent answers.', [
      [{}, connection.status === 'ready' ? 1 : 0],
    ]),
    metric(
      'serf_members',
      'gauge',
      'Members by status.',
      STATUSES.map((status) => [{ status }, count(status).length]),
    ),
    metric(
      'serf_events_total',
      'counter',
      'Events since the dashboard started, by type.',
      EVENT_TYPES.map((type) => [{ type }, eventTotals.get(type) ?? 0]),
    ),
    metric('serf_stream_gaps_total', 'counter', 'Places where events may have been lost.', [
      [{}, connection.gapCount],
    ]),
    ...(health
      ? [
          metric('serf_queue_depth', 'gauge', 'Messages that the agent has yet to send on.', [
            [{ queue: 'event' }, health.eventQueue],
            [{ queue: 'intent' }, health.intentQueue],
            [{ queue: 'query' }, health.queryQueue],
          ]),
          metric('serf_health_score', 'gauge', 'The health of the agent; 0 is healthy.', [
            [{}, health.healthScore],
          ]),
        ]
      : []),
    metric(
      'serf_round_trip_seconds',
      'gauge',
      'Estimated round trip from the agent to a member.',
      Object.entries(roundTrips).map(([member, ms]) => [{ member }, ms / 1000]),
    ),
    metric('serf_dashboard_pages', 'gauge', 'Pages that are open.', [[{}, tabs]]),
  ].join('')
}

function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
