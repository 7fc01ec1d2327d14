import { spawn } from 'node:child_process'
import type { SerfAgent } from '../agents/serf-agent'

/**
 * The answer of the agent's handler to `serf query -no-ack NAME PAYLOAD`. It ends the command as soon as the
 * answer is printed, since the command itself waits for other nodes until the query's deadline.
 */
export async function queryAnswer(agent: SerfAgent, name: string, payload: string): Promise<string> {
  const args = ['query', `-rpc-addr=${agent.host}:${agent.port}`, '-no-ack', '-timeout=15s', name, payload]
  const child = spawn(process.env['SERF_BIN'] ?? 'serf', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const ended = new Promise((resolve) => child.once('close', resolve))
  for await (const text of child.stdout) {
    output += String(text)
    const answer = /^Response from '.*?': (.*)\n/m.exec(output)?.[1]
    if (answer === undefined) continue
    child.kill()
    await ended
    return answer
  }
  throw new Error(`no answer to ${payload}: ${output}\n${agent.log.slice(-2000)}`)
}
