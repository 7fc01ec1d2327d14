import { Client } from '../../../lib/client/client'
import type { ClientOptions } from '../../../lib/client/options'
import { FakeAgent } from './fake-agent'
import { ManualClock } from '../time/manual-clock'
import { observe } from '../observe/recording'

/** A client with time, random and agent in the hands of the spec. The random show the highest, so a delay is its limit. */
export function virtualClient(options: ClientOptions = {}) {
  const clock = new ManualClock()
  const agent = new FakeAgent()
  const client = new Client(
    { host: 'agent', port: 1, socket: agent.socket, ...options },
    { clock, random: () => 1 },
  )
  return { clock, agent, client, status: observe(client.status$), gaps: observe(client.gaps$) }
}
