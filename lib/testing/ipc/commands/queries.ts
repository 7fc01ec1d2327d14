import { queryRecord } from '../../wire/records'
import { queryRequest, respondRequest } from '../../wire/requests'
import { command } from './command'

export const query = command(queryRequest, ({ client, reply }, body) => {
  const begun = client.serf.queries.ask(
    {
      name: body.Name,
      payload: body.Payload,
      filterNodes: body.FilterNodes,
      filterTags: body.FilterTags,
      requestAck: body.RequestAck,
      relayFactor: Number(body.RelayFactor),
      timeout: Number(body.Timeout),
    },
    { record: (type, from, payload) => reply.succeed(queryRecord(type, from, payload)) },
  )
  if (typeof begun === 'string') reply.fail(begun)
  else {
    reply.succeed()
    begun()
  }
})

export const respond = command(respondRequest, ({ client, reply }, { ID, Payload }) => {
  const query = client.queryOf(ID)
  if (!query) {
    reply.fail('No pending queries matching ID')
    return
  }
  const failure = query.respond(Payload ?? Buffer.alloc(0))
  reply.conclude(failure === undefined ? undefined : `failed to respond to key query: ${failure}`)
})
