import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { ConnectionOptions } from 'serfx'
import { afterGreeting, type Answer, Peer } from './peer'
import { PeerConnection } from './peer-connection'

/**
 * A server on loopback whose every byte the spec decides, for what only a real socket shows. `await using`
 * stops it.
 */
export class TcpPeer extends Peer<Socket> {
  readonly host = '127.0.0.1'
  port = 0
  readonly #server: Server

  private constructor(answer: Answer<Socket>, connected: (connection: PeerConnection<Socket>) => void) {
    super(answer)
    this.#server = createServer((socket) => {
      const connection = new TcpConnection(socket)
      const received = this.accept(connection)
      socket.on('data', received)
      socket.on('error', () => undefined)
      connected(connection)
    })
  }

  /** `answer` is called with each request, `connected` with each connection. */
  static async start(
    answer: Answer<Socket> = () => undefined,
    connected: (connection: PeerConnection<Socket>) => void = () => undefined,
  ): Promise<TcpPeer> {
    const peer = new TcpPeer(answer, connected)
    peer.#server.listen(0, peer.host)
    await once(peer.#server, 'listening')
    const address = peer.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('the server has no port')
    peer.port = address.port
    return peer
  }

  /** A server that answers handshake and auth, and all other requests as the given function says. */
  static greeting(answer: Answer<Socket> = () => undefined): Promise<TcpPeer> {
    return TcpPeer.start(afterGreeting(answer))
  }

  get address(): string {
    return `${this.host}:${this.port}`
  }

  options(more: ConnectionOptions = {}): ConnectionOptions {
    return { host: this.host, port: this.port, authKey: '', ...more }
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

class TcpConnection extends PeerConnection<Socket> {
  send(...pieces: readonly Uint8Array[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(pieces))
  }

  end(): void {
    this.socket.end()
  }
}
