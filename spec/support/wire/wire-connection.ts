import { createConnection, type Socket } from 'node:net'
import { Scanner } from '../../../lib/protocol/scanner'
import { until } from '../time/until'
import { type Encoded, pack, type Packable } from './pack'
import { unpack } from './unpack'

/** Header and body of a request, whether or not an agent would accept them. */
export function requestBytes(command: string, seq: number | bigint | Encoded, body?: Packable): Buffer {
  const header = pack({ Command: command, Seq: seq })
  return body === undefined ? header : Buffer.concat([header, pack(body)])
}

/**
 * A socket to an agent without a client: bytes go out as given, and come in as whole MessagePack objects, whose
 * ends the library's scanner finds.
 */
export class WireConnection {
  /** The objects that have come, in order. */
  readonly objects: Buffer[] = []
  /** How it ended: `'fin'` or the code of the error. `undefined` while it is open. */
  ending: string | undefined
  readonly #scanner = new Scanner(2 ** 31)
  #rest = Buffer.alloc(0)

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.once('end', () => (this.ending ??= 'fin'))
    socket.once('error', (error: NodeJS.ErrnoException) => (this.ending ??= error.code ?? error.message))
  }

  static open({ host, port }: { host: string; port: number }): Promise<WireConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new WireConnection(socket))
      })
    })
  }

  /** Opens one and shakes hands with seq 0. With a key it also authenticates, with seq 1. */
  static async greeted(agent: {
    host: string
    port: number
    authKey?: string | undefined
  }): Promise<WireConnection> {
    const connection = await WireConnection.open(agent)
    connection.send(requestBytes('handshake', 0, { Version: 1 }))
    if (agent.authKey !== undefined) connection.send(requestBytes('auth', 1, { AuthKey: agent.authKey }))
    await connection.received(agent.authKey === undefined ? 1 : 2)
    connection.objects.length = 0
    return connection
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Waits until there are that many objects, and gives all that are there. */
  async received(count: number): Promise<Buffer[]> {
    await until(`${count} objects from the agent, so far ${this.objects.length}`, () => {
      if (this.objects.length >= count) return true
      if (this.ending !== undefined) throw new Error(`the connection ended (${this.ending}) before ${count}`)
      return false
    })
    return this.objects
  }

  /** Like `received`, but decoded. */
  async decoded(count: number): Promise<unknown[]> {
    return (await this.received(count)).map(unpack)
  }

  /** Waits until the agent has closed it, and tells how. */
  async ended(): Promise<string> {
    return until('the agent closes the connection', () => this.ending)
  }

  /** Sends one more request and waits for its reply. The agent has then dealt with all requests before it. */
  async settled(seq = 4_000_000_000): Promise<void> {
    this.send(requestBytes('stop', seq, { Stop: 0 }))
    await until('the agent is done with what was sent', () =>
      this.objects.some((bytes) => (unpack(bytes) as { Seq?: number } | null)?.Seq === seq),
    )
    const at = this.objects.findIndex((bytes) => (unpack(bytes) as { Seq?: number } | null)?.Seq === seq)
    this.objects.splice(at, 1)
  }

  close(): void {
    this.socket.destroy()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #received(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    let at = 0
    for (;;) {
      const next = at < this.#rest.length ? this.#scanner.scan(this.#rest, at, this.#rest.length) : -1
      if (next < 0) break
      this.objects.push(Buffer.from(this.#rest.subarray(at, next)))
      at = next
    }
    this.#rest = this.#rest.subarray(at)
  }
}
