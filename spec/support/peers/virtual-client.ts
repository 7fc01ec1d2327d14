import { Client } from '../../../lib/client/client'
import type { ClientOptions } from '../../../lib/client/options'
import { FakeAgent } from './fake-agent'
import { ManualClock } from '../time/manual-clock'
import { observe } from '../observe/recording'

/**
 * A client with a manual clock and a fake agent. The random numbers are always the highest, so each delay is
 * at its limit.
 */
export function virtualClient(options: ClientOptions = {}) {
  const clock = new ManualClock()
  const agent = new FakeAgent()
  const client = new Client(
    { host: 'agent', port: 1, socket: agent.dial, ...options },
    { clock, random: () => 1 },
  )
  return { clock, agent, client, status: observe(client.status$), gaps: observe(client.gaps$) }
}
