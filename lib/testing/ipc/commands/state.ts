import { coordinateReply, statsReply } from '../../wire/replies'
import { coordinateRequest } from '../../wire/requests'
import { bodiless, command } from './command'

/** Go's release that Serf 0.9.4 was built with. */
const GO = 'go1.19.8'

export const stats = bodiless(({ client: { serf }, reply }) => {
  const { members, keyring } = serf
  reply.succeed(
    statsReply({
      agent: { name: serf.options.name },
      event_handlers: {},
      runtime: {
        arch: 'amd64',
        cpu_count: '1',
        goroutines: '1',
        max_procs: '1',
        os: 'linux',
        version: GO,
      },
      serf: {
        coordinate_resets: '0',
        encrypted: String(keyring.encrypted),
        event_queue: '0',
        event_time: String(serf.eventTime),
        failed: String(members.count('failed')),
        health_score: '0',
        intent_queue: '0',
        left: String(members.count('left')),
        member_time: '1',
        members: String(members.size),
        query_queue: '0',
        query_time: String(serf.queries.ltime),
      },
      tags: serf.self.tags,
    }),
  )
})

export const getCoordinate = command(coordinateRequest, ({ client: { serf }, reply }, { Node }) => {
  const known = serf.members.get(Node) !== undefined
  reply.succeed(coordinateReply(known ? serf.coordinates.of(Node) : null))
})
