import { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'serfx'
import { greeting, Peer } from './peer'
import { PeerConnection } from './peer-connection'

/**
 * A peer in the memory of the spec, for a chosen order of bytes and for virtual time. An answer arrives
 * within the write.
 */
export class MemoryPeer extends Peer<MemorySocket> {
  dials = 0
  /** Whether a dial fails at once. */
  refusing = false

  /** A peer that answers handshake and auth. */
  static greeting(): MemoryPeer {
    return new MemoryPeer(greeting)
  }

  /** For the option `socket`. */
  readonly dial = (): MemorySocket => {
    this.dials++
    if (this.refusing) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const socket = new MemorySocket()
    socket.received = this.accept(new MemoryConnection(socket))
    return socket
  }

  options(more: ConnectionOptions = {}): ConnectionOptions {
    return { host: 'peer', port: 7373, authKey: '', socket: this.dial, ...more }
  }

  /** The connections that neither side has ended. */
  get open(): PeerConnection<MemorySocket>[] {
    return this.connections.filter(({ closed }) => !closed)
  }

  /** Ends every connection. */
  drop(): void {
    for (const connection of this.open) connection.end()
  }
}

class MemoryConnection extends PeerConnection<MemorySocket> {
  #ended = false

  send(...pieces: readonly Uint8Array[]): void {
    if (!this.closed) for (const piece of pieces) this.socket.push(piece)
  }

  end(): void {
    this.#ended = true
    this.socket.push(null)
  }

  override get closed(): boolean {
    return this.#ended || super.closed
  }
}

/** The end of the client. */
export class MemorySocket extends Duplex {
  /** Whether it would keep a process alive, as `ref` and `unref` say. */
  held = true
  received: (chunk: Uint8Array) => void = () => undefined

  ref(): void {
    this.held = true
  }

  unref(): void {
    this.held = false
  }

  override _read(): void {
    // The peer pushes.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received(chunk)
    done()
  }
}
