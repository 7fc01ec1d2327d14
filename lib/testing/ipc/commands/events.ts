import { eventRequest, stopRequest, streamRequest } from '../../wire/requests'
import { parseEventFilter } from '../event-filter'
import { EventStream } from '../event-stream'
import { quotedPayload } from '../../cluster/payload'
import { command } from './command'

/** The reply comes first, the event after it. */
export const event = command(eventRequest, ({ client, reply }, { Name, Payload, Coalesce }) => {
  client.serf.log.write(
    'debug',
    `agent: Requesting user event send: ${Name}. Coalesced: ${Coalesce}. Payload: ${quotedPayload(Payload)}`,
  )
  const failure = client.serf.userEvent(Name, Payload, Coalesce, () => reply.succeed())
  if (failure === undefined) return
  client.serf.log.write('warn', `agent: failed to send user event: ${failure}`)
  reply.fail(failure)
})

export const stream = command(streamRequest, ({ client, seq, reply }, { Type }) => {
  const filter = parseEventFilter(Type)
  if (client.streams.has(seq)) reply.fail('Stream with given sequence exists')
  else if (filter === undefined) reply.fail('Invalid event filter')
  else {
    reply.succeed()
    const stream = new EventStream(client, filter, reply)
    client.streams.set(seq, stream)
    client.serf.events.listen(stream)
  }
})

/** Ends a stream or a monitor. It is no error if there is none. */
export const stop = command(stopRequest, ({ client, reply }, { Stop }) => {
  client.stop(Stop)
  reply.succeed()
})
