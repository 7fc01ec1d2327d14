import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Packr, UnpackrStream } from 'msgpackr'
import { until } from '../time/until'

/** What a client asked for, as any other MessagePack decoder reads it. */
export interface SeenRequest {
  command: string
  seq: number
  body: unknown
}

/** What a server does once somebody has dialled it. */
export type Script = (session: ScriptedSession) => void

/** Commands after whose header no body comes. */
const BODILESS = new Set(['members', 'stats', 'list-keys', 'leave'])

const packr = new Packr({ useRecords: false, variableMapSize: true })

/** MessagePack of any value, by an encoder that is not ours. */
export function pack(value: unknown): Buffer {
  return Buffer.from(packr.pack(value))
}

/** The bytes of a reply, or of a record: header, and body unless there is none. */
export function reply(seq: number | bigint, ...[body]: [body?: unknown]): Buffer {
  const header = pack({ Error: '', Seq: seq })
  return body === undefined ? header : Buffer.concat([header, pack(body)])
}

/** The bytes of a reply with an error. */
export function refusal(seq: number, error: string, ...[body]: [body?: unknown]): Buffer {
  const header = pack({ Error: error, Seq: seq })
  return body === undefined ? header : Buffer.concat([header, pack(body)])
}

/** One client of a scripted server. */
export class ScriptedSession {
  readonly requests: SeenRequest[] = []
  ended = false
  #answer: ((request: SeenRequest) => void) | undefined
  #header: SeenRequest | undefined

  constructor(readonly socket: Socket) {
    const objects = socket.pipe(new UnpackrStream({ useRecords: false, mapsAsObjects: true }))
    objects.on('data', (value: unknown) => this.#take(value))
    objects.on('error', () => undefined)
    socket.on('error', () => undefined)
    socket.on('close', () => (this.ended = true))
  }

  /** Calls back with each request, those that came before too. */
  onRequest(answer: (request: SeenRequest) => void): this {
    this.#answer = answer
    for (const request of this.requests) answer(request)
    return this
  }

  /** Answers handshake and auth, and calls back with all other requests. */
  afterGreeting(answer: (request: SeenRequest) => void): this {
    return this.onRequest((request) => {
      if (request.command === 'handshake' || request.command === 'auth') this.send(reply(request.seq))
      else answer(request)
    })
  }

  send(...pieces: (Buffer | string)[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(pieces.map((piece) => Buffer.from(piece))))
  }

  /** The requests of one command so far. */
  of(command: string): SeenRequest[] {
    return this.requests.filter((request) => request.command === command)
  }

  /** The first request of a command, once it has come. */
  async request(command: string): Promise<SeenRequest> {
    return until(`a request ${command} arrives`, () => this.of(command)[0])
  }

  #take(value: unknown): void {
    if (this.#header) {
      const request = { ...this.#header, body: value === Symbol.for('null') ? null : value }
      this.#header = undefined
      this.#whole(request)
    } else if (isHeader(value)) {
      const request = { command: value.Command, seq: Number(value.Seq), body: undefined }
      if (BODILESS.has(request.command)) this.#whole(request)
      else this.#header = request
    } else throw new Error(`neither header nor body: ${JSON.stringify(value)}`)
  }

  #whole(request: SeenRequest): void {
    this.requests.push(request)
    this.#answer?.(request)
  }
}

function isHeader(value: unknown): value is { Command: string; Seq: number | bigint } {
  return typeof value === 'object' && value !== null && 'Command' in value && 'Seq' in value
}

/** A server that says what a spec wants it to say, byte for byte. */
export class ScriptedServer {
  readonly host = '127.0.0.1'
  readonly sessions: ScriptedSession[] = []

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(script: Script = () => undefined): Promise<ScriptedServer> {
    const server = createServer((socket) => {
      const session = new ScriptedSession(socket)
      scripted.sessions.push(session)
      script(session)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || !address) throw new Error('a server without a port')
    const scripted = new ScriptedServer(server, address.port)
    return scripted
  }

  get address(): string {
    return `${this.host}:${this.port}`
  }

  /** The first client, once it has come. */
  async session(): Promise<ScriptedSession> {
    return until('somebody dials', () => this.sessions[0])
  }

  async stop(): Promise<void> {
    for (const { socket } of this.sessions) socket.destroy()
    if (!this.server.listening) return
    this.server.close()
    await once(this.server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
