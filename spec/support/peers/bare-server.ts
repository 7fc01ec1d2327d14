import { createServer, type Server, type Socket } from 'node:net'
import type { ConnectionOptions } from 'serfx'
import { frame, header, type Packable } from '../wire/pack'
import { RequestParser, type SentRequest } from '../wire/requests-sent'
import { until } from '../time/until'

/** A TCP server whose every byte the spec decides. It reads requests, to know their seqs, and is no agent. */
export class BareServer {
  readonly host = '127.0.0.1'
  readonly requests: SentRequest[] = []
  readonly #sockets: Socket[] = []

  private constructor(
    private readonly server: Server,
    readonly port: number,
    answer: (request: SentRequest) => Buffer | undefined,
    said: (socket: Socket) => void,
  ) {
    server.on('connection', (socket) => {
      const parser = new RequestParser()
      this.#sockets.push(socket)
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        for (const request of parser.push(chunk)) {
          this.requests.push(request)
          const bytes = answer(request)
          if (bytes) socket.write(bytes)
        }
      })
      said(socket)
    })
  }

  /** Answers handshake and auth, and nothing else by itself. */
  static greeting(): Promise<BareServer> {
    return BareServer.start({
      answer: ({ command, seq }) => (command === 'handshake' || command === 'auth' ? header(seq) : undefined),
    })
  }

  /** `answer` is for a request as it comes, `said` for a connection as it is made. */
  static start({
    answer = () => undefined,
    said = () => undefined,
  }: {
    answer?: (request: SentRequest) => Buffer | undefined
    said?: (socket: Socket) => void
  } = {}): Promise<BareServer> {
    const server = createServer()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (typeof address === 'object' && address)
          resolve(new BareServer(server, address.port, answer, said))
      })
    })
  }

  options(more: ConnectionOptions = {}): ConnectionOptions {
    return { host: this.host, port: this.port, authKey: '', ...more }
  }

  /** The last one that was accepted. */
  get socket(): Socket {
    const socket = this.#sockets.at(-1)
    if (!socket) throw new Error('nobody has connected')
    return socket
  }

  get connections(): number {
    return this.#sockets.length
  }

  /** The seq of the last request of a command, once it has come. */
  async seqOf(command: string): Promise<number> {
    const found = await until(command, () => this.requests.findLast((request) => request.command === command))
    return found.seq
  }

  reply(seq: number, body?: Packable, error = ''): void {
    this.socket.write(body === undefined ? header(seq, error) : frame(seq, body, error))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
