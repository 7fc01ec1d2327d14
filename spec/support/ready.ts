import { Connection, type ConnectionOptions } from 'serfx'
import { Peer } from './peer'
import { valueOf } from './values'

/** A connection that has shaken hands with a peer. The handshake had seq 1. */
export async function ready(more: ConnectionOptions = {}): Promise<{ peer: Peer; connection: Connection }> {
  const peer = Peer.greeting()
  const connection = new Connection(peer.options(more))
  await valueOf(connection.handshake())
  return { peer, connection }
}
