import type { Duplex } from 'node:stream'
import { frame, header, type Packable } from '../wire/pack'

/** One connection of a client to a peer, seen from the peer. */
export abstract class PeerConnection<S extends Duplex = Duplex> {
  constructor(readonly socket: S) {}

  /**
   * Sends bytes as they are. In memory the client reads each piece as a chunk of its own; on TCP all go out
   * in one write.
   */
  abstract send(...pieces: readonly Uint8Array[]): void

  /** Ends the connection as a FIN does. */
  abstract end(): void

  /** Whether the connection is gone, whoever ended it. */
  get closed(): boolean {
    return this.socket.destroyed
  }

  /** Sends the header of a reply or record, and a body if one is given. */
  reply(seq: number | bigint, body?: Packable, error = ''): void {
    this.send(body === undefined ? header(seq, error) : frame(seq, body, error))
  }
}
