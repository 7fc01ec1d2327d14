import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SerfAgent } from './serf-agent'

const run = promisify(execFile)

/**
 * Runs a command of the `serf` command line against the agent, and gives what it prints. A failure carries
 * its stderr.
 */
export async function serf(
  agent: { host: string; port: number; authKey?: string | undefined },
  command: string,
  ...args: string[]
): Promise<string> {
  const auth = agent.authKey === undefined ? [] : [`-rpc-auth=${agent.authKey}`]
  const { stdout } = await run(
    process.env['SERF_BIN'] ?? 'serf',
    [command, `-rpc-addr=${agent.host}:${agent.port}`, ...auth, ...args],
    // A key in the environment of the user is not the key of this agent.
    { timeout: 20_000, env: { ...process.env, SERF_RPC_AUTH: '' } },
  )
  return stdout
}

/** The names that the agent lists as alive, sorted. */
export async function aliveNames(agent: SerfAgent): Promise<string[]> {
  const { members } = JSON.parse(await serf(agent, 'members', '-format=json')) as {
    members: { name: string; status: string }[]
  }
  return members
    .filter((member) => member.status === 'alive')
    .map((member) => member.name)
    .sort()
}
