import { createServer, type Server, type Socket } from 'node:net'
import type { Serf } from '../cluster/serf'
import type { FaultPlan } from './faults'
import type { Ending } from './write-queue'
import { type ReceivedRequest, Session } from './session'

/** Accepts clients, on one port for the whole life of an agent. */
export class Listener {
  readonly host = '127.0.0.1'
  readonly sessions = new Set<Session>()
  #port: number
  #server: Server | undefined
  /** While it is about to listen. */
  #opening: Promise<void> | undefined
  #pieceBytes: number | undefined

  constructor(
    private readonly serf: Serf,
    private readonly faults: FaultPlan,
    /** 0: the system chooses one, which then stays. */
    port: number,
    private readonly received: (request: ReceivedRequest) => void,
  ) {
    this.#port = port
  }

  get port(): number {
    return this.#port
  }

  /** Starts to listen, on the same port as before. */
  open(): Promise<void> {
    if (this.#server) return Promise.resolve()
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
    this.#server = server
    this.#opening = new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        if (this.#server === server) this.#server = undefined
        reject(error)
      })
      server.listen(this.#port, this.host, () => {
        server.removeAllListeners('error')
        const address = server.address()
        if (typeof address === 'object' && address) this.#port = address.port
        resolve()
      })
    }).finally(() => (this.#opening = undefined))
    return this.#opening
  }

  /** Stops listening; connections stay. */
  close(): void {
    const server = this.#server
    this.#server = undefined
    // A server that is closed before it listens never says that it does.
    if (this.#opening) void this.#opening.then(() => server?.close()).catch(() => undefined)
    else server?.close()
  }

  /** Ends every connection: with a FIN after everything that is to be sent, or with a RST at once. */
  disconnect(how: Ending): void {
    for (const { writes } of this.sessions) {
      if (how === 'fin') writes.end('fin')
      else writes.reset()
    }
  }

  /** Ends every connection at once, as the end of a process does. Resolves when all are closed. */
  async destroy(): Promise<void> {
    await this.#opening?.catch(() => undefined)
    this.close()
    const closings = [...this.sessions].map(
      (session) => new Promise<void>((resolve) => this.#closings.set(session, resolve)),
    )
    for (const { writes } of this.sessions) writes.destroy()
    await Promise.all(closings)
  }

  /** Cuts what is sent from now on into pieces. */
  split(pieceBytes: number | undefined): void {
    this.#pieceBytes = pieceBytes
    for (const { writes } of this.sessions) writes.split(pieceBytes)
  }

  readonly #closings = new Map<Session, () => void>()

  #accept(socket: Socket): void {
    const session = new Session(this.serf, this.faults, this.received, socket)
    session.writes.split(this.#pieceBytes)
    this.sessions.add(session)
    this.serf.log.write('info', `agent.ipc: Accepted client: ${session.client.address}`)
    // A reset is reported as an error; 'close' follows.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      this.sessions.delete(session)
      session.client.forget()
      this.#closings.get(session)?.()
      this.#closings.delete(session)
    })
  }
}
