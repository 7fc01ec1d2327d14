import { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'serfx'
import { frame, header, type Packable } from '../wire/pack'
import { RequestParser, type SentRequest } from '../wire/requests-sent'
import { until } from '../time/until'

/**
 * The other end of a connection, in this process: what the client writes is kept, and what an agent would say is said by the
 * spec. Nothing happens by itself but the greeting, and that only where it is asked for.
 */
export class Peer {
  readonly requests: SentRequest[] = []
  /** One entry for each write to the socket. */
  readonly writes: Buffer[] = []
  dials = 0
  /** What to answer a request with, at once, within the write that brings it. */
  answer: (request: SentRequest) => Buffer | undefined = () => undefined
  readonly #parser = new RequestParser()
  #socket: Duplex | undefined

  /** Answers handshake and auth by itself. */
  static greeting(): Peer {
    const peer = new Peer()
    peer.answer = ({ command, seq }) =>
      command === 'handshake' || command === 'auth' ? header(seq) : undefined
    return peer
  }

  /** For `new Connection` and `connect`. */
  options(more: ConnectionOptions = {}): ConnectionOptions {
    return { host: 'peer', port: 7373, authKey: '', socket: () => this.#dial(), ...more }
  }

  get socket(): Duplex {
    if (!this.#socket) throw new Error('not dialled')
    return this.#socket
  }

  get commands(): string[] {
    return this.requests.map(({ command }) => command)
  }

  /** The requests of one command, once there are so many. */
  async sent(command: string, count = 1): Promise<SentRequest[]> {
    return until(`${count} × ${command}`, () => {
      const found = this.requests.filter((request) => request.command === command)
      return found.length >= count ? found : undefined
    })
  }

  /** The seq of the last request of a command that has come. */
  async seqOf(command: string): Promise<number> {
    return (await this.sent(command)).at(-1)?.seq ?? -1
  }

  send(...pieces: readonly Buffer[]): void {
    for (const piece of pieces) this.socket.push(piece)
  }

  /** A header, with a body if one is given. */
  reply(seq: number, body?: Packable, error = ''): void {
    this.send(body === undefined ? header(seq, error) : frame(seq, body, error))
  }

  /** Says goodbye, as a FIN does. */
  end(): void {
    this.socket.push(null)
  }

  fail(error: Error): void {
    this.socket.destroy(error)
  }

  #dial(): Duplex {
    this.dials++
    return (this.#socket = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.writes.push(chunk)
        for (const request of this.#parser.push(chunk)) {
          this.requests.push(request)
          const answer = this.answer(request)
          if (answer) this.#socket?.push(answer)
        }
        done()
      },
    }))
  }
}
