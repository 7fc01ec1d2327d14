import { Connection, type ConnectionOptions } from 'serfx'
import { Channel } from '../../../lib/connection/channel'
import { type Clock, systemClock } from '../../../lib/connection/clock'
import { resolveOptions } from '../../../lib/connection/options'
import { frame } from '../wire/pack'
import { MemoryPeer } from './memory-peer'
import { valueOf } from '../observe/values'

interface Ready {
  peer: MemoryPeer
  connection: Connection
}

/** A connection that has shaken hands with a peer in memory. The handshake had seq 1. */
export async function ready(more: ConnectionOptions = {}, clock: Clock = systemClock): Promise<Ready> {
  const peer = MemoryPeer.greeting()
  const connection = new Connection(new Channel(resolveOptions(peer.options(more)), clock))
  await valueOf(connection.handshake())
  return { peer, connection }
}

/** Checks that the connection still works: a command is sent and answered. */
export async function expectUsable({ peer, connection }: Ready): Promise<void> {
  const { answer } = peer
  peer.answer = (request) =>
    request.command === 'stats' ? frame(request.seq, { agent: { name: 'usable' } }) : answer(request)
  await expect(valueOf(connection.stats())).resolves.toMatchObject({ agent: { name: 'usable' } })
  peer.answer = answer
}
