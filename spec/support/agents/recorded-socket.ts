import { createConnection, type Socket } from 'node:net'
import type { ConnectionOptions } from 'serfx'
import type { Agent } from './agents'
import { RequestParser, type SentRequest } from '../wire/request-parser'

/** A socket to an agent that keeps the requests sent through it. */
export class RecordedSocket {
  readonly requests: SentRequest[] = []
  writes = 0
  /** Called with the commands of each write, before any reply to them can arrive. */
  wrote: (commands: readonly string[]) => void = () => undefined

  constructor(private readonly agent: Agent) {}

  options(more: ConnectionOptions = {}): ConnectionOptions {
    const { host, port, authKey } = this.agent
    return { host, port, authKey: authKey ?? '', socket: () => this.#dial(), ...more }
  }

  /** The bodies of all requests of one command. */
  of(command: string): unknown[] {
    return this.requests.filter((request) => request.command === command).map(({ body }) => body)
  }

  #dial(): Socket {
    const socket = createConnection({ host: this.agent.host, port: this.agent.port, noDelay: true })
    const parser = new RequestParser()
    const write = socket.write.bind(socket)
    socket.write = (chunk: string | Uint8Array) => {
      this.writes++
      const requests = parser.push(Buffer.from(chunk))
      this.requests.push(...requests)
      const taken = write(chunk)
      this.wrote(requests.map(({ command }) => command))
      return taken
    }
    return socket
  }
}
