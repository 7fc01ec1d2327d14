import { isIP } from 'node:net'
import { endpointOf, GOSSIP_PORT } from '../../cluster/member'
import type { Serf } from '../../cluster/serf'
import { joinReply } from '../../wire/replies'
import { joinRequest } from '../../wire/requests'
import { bodiless, command } from './command'

/** How long a leave takes, in ms. A real agent takes 1,000 to 2,000. */
const LEAVING = 100

const joining = command(joinRequest, ({ client, reply }, { Existing, Replay }) => {
  const { serf } = client
  serf.log.write('info', `agent: joining: [${Existing.join(' ')}] replay: ${Replay}`)
  if (serf.state !== 'alive') {
    reply.fail("Serf can't Join after Leave or Shutdown", joinReply(0))
    return
  }
  const failures = Existing.map((address) => contact(serf, address, Replay)).filter(
    (failure) => failure !== undefined,
  )
  const joined = Existing.length - failures.length
  if (joined > 0) serf.log.write('info', `agent: joined: ${joined} nodes`)
  if (joined > 0 || failures.length === 0) reply.succeed(joinReply(joined))
  else {
    serf.log.write('warn', `agent: error joining: ${failureText(failures)}`)
    reply.fail(failureText(failures), joinReply(0))
  }
})
export const join = { ...joining, failedBody: joinReply(0) }

/** A second one does not wait for the first: the agent ends at once. */
export const leave = bodiless(async ({ client, reply }) => {
  const { serf } = client
  serf.log.write('info', 'agent.ipc: Graceful leave triggered')
  if (serf.state !== 'alive') {
    serf.log.write('err', 'agent.ipc: leave failed: Leave already in progress')
    reply.fail('Leave already in progress')
    serf.ended()
    return
  }
  serf.log.write('info', 'agent: requesting graceful leave from Serf')
  serf.state = 'leaving'
  serf.members.set({ ...serf.self, status: 'leaving' })
  await serf.timers.wait(LEAVING)
  serf.state = 'left'
  serf.change('member-leave', { ...serf.self, status: 'left' })
  serf.group.part(serf)
  reply.succeed()
  serf.ended()
})

/** Tries to reach a node; returns why that failed, or `undefined`. */
function contact(serf: Serf, given: string, replay: boolean): string | undefined {
  // `name/host:port` says whom to expect there.
  const address = given.slice(given.lastIndexOf('/') + 1)
  const parts = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(address)
  const host = parts?.[1] ?? parts?.[2] ?? address
  const port = Number(parts?.[3] ?? GOSSIP_PORT)
  const endpoint = endpointOf({ addr: host, port })
  const scripted = serf.joinable.get(address) ?? serf.joinable.get(endpoint)
  if (scripted) {
    for (const member of scripted) serf.join(member)
    return undefined
  }
  const joined = serf.joinAt(endpoint, replay)
  if (joined) return joined.failure && `Failed to join ${host}: ${joined.failure}`
  for (const member of serf.members) {
    if (member.status === 'alive' && endpointOf(member) === endpoint) return undefined
  }
  if (isIP(host) === 0) return `Failed to resolve ${address}: lookup ${host}: no such host`
  return `Failed to join ${host}: dial tcp ${endpoint}: connect: connection refused`
}

/** As Go's multierror writes it. */
function failureText(failures: readonly string[]): string {
  const head = failures.length === 1 ? '1 error occurred:' : `${failures.length} errors occurred:`
  return `${head}\n${failures.map((failure) => `\t* ${failure}\n`).join('')}\n`
}
