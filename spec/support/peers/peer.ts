import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'serfx'
import { until } from '../time/until'
import { header, type Packable } from '../wire/pack'
import { RequestParser, type SentRequest } from '../wire/request-parser'
import type { PeerConnection } from './peer-connection'

/** A request that a peer has read, and the connection that it came in on. */
export interface PeerRequest<S extends Duplex = Duplex> extends SentRequest {
  readonly connection: PeerConnection<S>
}

/** What a peer does with a request. Bytes that it returns are sent at once. */
export type Answer<S extends Duplex = Duplex> =
  ((request: PeerRequest<S>) => Uint8Array | undefined) | ((request: PeerRequest<S>) => void)

/** Answers handshake and auth, and nothing else. */
export const greeting: Answer = ({ command, seq }) =>
  command === 'handshake' || command === 'auth' ? header(seq) : undefined

/** Answers handshake and auth, and all other requests as the given function says. */
export const afterGreeting =
  <S extends Duplex>(answer: Answer<S>): Answer<S> =>
  (request) =>
    greeting(request) ?? answer(request)

/**
 * The other end of a connection, for faults and bytes that no real agent can be made to send. It keeps every
 * request, and sends only what the spec says. `MemoryPeer` needs no network, `TcpPeer` is a server.
 */
export abstract class Peer<S extends Duplex = Duplex> {
  /** The requests of all connections, in the order in which they came. */
  readonly requests: PeerRequest<S>[] = []
  /** One entry for each chunk that a client has written. */
  readonly writes: Uint8Array[] = []
  /** Every connection so far. */
  readonly connections: PeerConnection<S>[] = []

  constructor(public answer: Answer<S> = () => undefined) {}

  /** What a client needs to reach this peer. */
  abstract options(more?: ConnectionOptions): ConnectionOptions

  /** The latest connection. */
  get connection(): PeerConnection<S> {
    const connection = this.connections.at(-1)
    if (!connection) throw new Error('no client has connected')
    return connection
  }

  /** The socket of the latest connection. */
  get socket(): S {
    return this.connection.socket
  }

  get commands(): string[] {
    return this.requests.map(({ command }) => command)
  }

  /** The requests of one command so far. */
  asked(command: string): PeerRequest<S>[] {
    return this.requests.filter((request) => request.command === command)
  }

  /** Waits until there are that many requests of a command, and gives all of them. */
  async sent(command: string, count = 1): Promise<PeerRequest<S>[]> {
    await until(`${count} × ${command}`, () => this.asked(command).length >= count)
    return this.asked(command)
  }

  /** Waits for a request of this command, and gives the first one. */
  async request(command: string): Promise<PeerRequest<S>> {
    return until(`a request ${command}`, () => this.asked(command)[0])
  }

  /** Waits for a request of this command, and gives the seq of the last one. */
  async seqOf(command: string): Promise<number> {
    return (await this.sent(command)).at(-1)?.seq ?? -1
  }

  /** Waits for the first connection. */
  async connected(): Promise<PeerConnection<S>> {
    return until('a client connects', () => this.connections[0])
  }

  send(...pieces: readonly Uint8Array[]): void {
    this.connection.send(...pieces)
  }

  reply(seq: number | bigint, body?: Packable, error = ''): void {
    this.connection.reply(seq, body, error)
  }

  end(): void {
    this.connection.end()
  }

  /** Breaks the latest connection; in memory the client sees the error. */
  fail(error: Error): void {
    this.socket.destroy(error)
  }

  /**
   * Takes note of a connection, and gives the function that is to be called with each chunk that comes in on
   * it.
   */
  protected accept(connection: PeerConnection<S>): (chunk: Uint8Array) => void {
    const parser = new RequestParser()
    this.connections.push(connection)
    return (chunk) => {
      this.writes.push(chunk)
      for (const sent of parser.push(chunk)) {
        const request = { ...sent, connection }
        this.requests.push(request)
        const bytes = this.answer(request)
        if (bytes) connection.send(bytes)
      }
    }
  }
}
