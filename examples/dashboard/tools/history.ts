import { setTimeout as delay } from 'node:timers/promises'
import type { TestAgent } from 'serfx/testing'

/** Seconds. */
const LENGTH = 90

/** How many events of each second, so that the chart has a shape: quiet, with a deployment in the middle. */
function eventsAt(second: number): number {
  const burst = second > 48 && second < 62 ? 5 - Math.abs(second - 55) / 2 : 0
  return Math.max(0, Math.round(1 + Math.sin(second / 4) + burst))
}

const EVENTS = [
  ['deploy', '{"service":"api","version":"4.2.1","by":"ci"}'],
  ['cache-purge', '/assets/*'],
  ['config-reload', 'nginx'],
  ['backup-finished', 'postgres-replica-1 18.4 GB in 6 m 12 s'],
  ['session-key', Uint8Array.of(0x8f, 0x1c, 0xd2, 0x07, 0xee, 0x40, 0x9b, 0x33)],
  ['certificate-renewed', 'gateway.example.org'],
] as const

const LINES = [
  ['serf: EventMemberUpdate: web-3', 'info'],
  ['memberlist: Suspect worker-2 has failed, no acks received', 'info'],
  ['memberlist: Was able to connect to api-3 but other probes failed, network may be misconfigured', 'warn'],
  ['agent: Received event: user-event: deploy', 'info'],
  ['serf: messageUserEventType: cache-purge', 'debug'],
  ['memberlist: Failed to send gossip to 10.0.0.15:7946: write udp: no route to host', 'err'],
] as const

/** A minute and a half of a busy cluster. */
export async function makeHistory(agent: TestAgent): Promise<void> {
  agent.leave('metrics-1')
  for (let second = 0; second < LENGTH; second++) {
    for (let count = 0; count < eventsAt(second); count++) {
      const [name, payload] = EVENTS[(second + 7 * count) % EVENTS.length] ?? EVENTS[0]
      agent.userEvent(name, payload, { coalesce: false })
    }
    if (second % 9 === 4) void agent.query('uptime', '', { timeout: 200 })
    if (second % 17 === 8)
      agent.update('web-3', { role: 'web', zone: 'us-east-1a', canary: 'true', version: '4.2.1' })
    if (second % 3 === 1) {
      const [line, level] = LINES[Math.floor(second / 3) % LINES.length] ?? LINES[0]
      agent.log(line, level)
    }
    if (second === 70) agent.fail('api-3')
    if (second === 84) agent.fail('worker-2')
    await delay(1_000)
  }
}
