import { Connection, type ConnectionOptions } from 'serfx'
import { frame } from '../wire/pack'
import { Peer } from './peer'
import { valueOf } from '../observe/values'

interface Ready {
  peer: Peer
  connection: Connection
}

/** A connection that has shaken hands with a peer. The handshake had seq 1. */
export async function ready(more: ConnectionOptions = {}): Promise<Ready> {
  const peer = Peer.greeting()
  const connection = new Connection(peer.options(more))
  await valueOf(connection.handshake())
  return { peer, connection }
}

/** Whether the connection still works: a command that is asked and answered. */
export async function expectUsable({ peer, connection }: Ready): Promise<void> {
  const { answer } = peer
  peer.answer = (request) =>
    request.command === 'stats' ? frame(request.seq, { agent: { name: 'usable' } }) : answer(request)
  await expect(valueOf(connection.stats())).resolves.toMatchObject({ agent: { name: 'usable' } })
  peer.answer = answer
}
