import type { SerfAgent } from './serf-agent'
import { serf } from './serf-command'

/**
 * Queries the node of this agent alone, and gives its answer. `undefined` when no answer came within that
 * time.
 */
export async function ask(
  agent: SerfAgent,
  name: string,
  payload: string,
  seconds: number,
): Promise<string | undefined> {
  agent.expectAlive()
  const options = ['-no-ack', '-format=json', `-node=${agent.name}`, `-timeout=${seconds}s`]
  const report = JSON.parse(await serf(agent, 'query', ...options, name, payload)) as {
    Responses: Record<string, string> | null
  }
  return report.Responses?.[agent.name]
}

/**
 * Repeats the query until an answer comes, each time with a later deadline, since a busy machine may start
 * the script late.
 */
export async function askUntilAnswered(agent: SerfAgent, name: string, payload: string): Promise<string> {
  for (const seconds of [2, 4, 8, 16]) {
    const answer = await ask(agent, name, payload, seconds)
    if (answer !== undefined) return answer
  }
  throw new Error(`${agent.name} never answered ${name}; its log:\n${agent.log.slice(-3000)}`)
}
