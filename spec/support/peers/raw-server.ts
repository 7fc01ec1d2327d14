import { createServer, type Server, type Socket } from 'node:net'

/** A TCP server whose every byte the spec decides; for faults that no real agent can be brought to in time. */
export class RawServer {
  readonly sockets = new Set<Socket>()
  connections = 0
  /** What happens to a connection when bytes come, by how many chunks have come before. */
  received: (socket: Socket, chunk: Buffer, before: number) => void = () => undefined

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (socket) => {
      this.connections++
      this.sockets.add(socket)
      let chunks = 0
      socket.on('data', (chunk) => this.received(socket, chunk, chunks++))
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  static start(port = 0): Promise<RawServer> {
    const server = createServer()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        if (typeof address === 'object' && address) resolve(new RawServer(server, address.port))
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** A reply's header as an agent writes it, for a seq below 128. */
export function header(seq: number): Buffer {
  return Buffer.from([0x82, 0xa5, ...Buffer.from('Error'), 0xa0, 0xa3, ...Buffer.from('Seq'), seq])
}
