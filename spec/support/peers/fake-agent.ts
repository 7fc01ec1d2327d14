import { Duplex } from 'node:stream'
import { Packr, Unpackr } from 'msgpackr'

const packr = new Packr({ useRecords: false, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })
const BODILESS = new Set(['members', 'stats', 'leave', 'list-keys'])

/** What `say` would send. */
export function packed(object: unknown): Buffer {
  return packr.pack(object)
}

export interface FakeRequest {
  command: string
  seq: number
  body: Record<string, unknown>
  socket: FakeSocket
}

/** What an answer consists of: the objects after a header with this error. */
interface FakeAnswer {
  error?: string
  body?: unknown
}

/** In memory, for what virtual time and a chosen order of bytes need; everything else is held against a real agent. */
export class FakeAgent {
  readonly requests: FakeRequest[] = []
  readonly open = new Set<FakeSocket>()
  dials = 0
  /** Dials fail at once. */
  refusing = false
  /** Commands that get no answer. */
  readonly silent = new Set<string>()
  readonly answers = new Map<string, (request: FakeRequest) => FakeAnswer>([
    ['members', () => ({ body: { Members: [] } })],
    ['stats', () => ({ body: { agent: { name: 'fake' } } })],
    ['get-coordinate', () => ({ body: { Coord: { Vec: null }, Ok: false } })],
  ])

  /** For the option `socket`. */
  readonly socket = (): Duplex => {
    this.dials++
    if (this.refusing) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    return new FakeSocket(this)
  }

  asked(command: string): FakeRequest[] {
    return this.requests.filter((request) => request.command === command)
  }

  /** Ends every connection. */
  drop(): void {
    for (const socket of [...this.open]) socket.hangUp()
  }

  take(request: FakeRequest): void {
    this.requests.push(request)
    if (this.silent.has(request.command)) return
    const answer = this.answers.get(request.command)?.(request) ?? {}
    request.socket.say({ Error: answer.error ?? '', Seq: request.seq })
    if (answer.body !== undefined) request.socket.say(answer.body)
  }

  /** A record of every stream that is open. */
  emit(record: unknown): void {
    for (const { seq, socket } of this.asked('stream')) {
      if (!this.open.has(socket)) continue
      socket.say({ Error: '', Seq: seq })
      socket.say(record)
    }
  }
}

export class FakeSocket extends Duplex {
  held = true
  #waiting: { Command: string; Seq: number } | undefined

  constructor(private readonly agent: FakeAgent) {
    super()
    agent.open.add(this)
  }

  ref(): void {
    this.held = true
  }

  unref(): void {
    this.held = false
  }

  /** Sends an object; bytes go as they are. */
  say(object: unknown): void {
    if (!this.destroyed) this.push(Buffer.isBuffer(object) ? object : packr.pack(object))
  }

  hangUp(): void {
    this.agent.open.delete(this)
    this.push(null)
  }

  override _read(): void {
    // `say` pushes.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const object of unpackr.unpackMultiple(chunk) as Record<string, unknown>[]) {
      if (this.#waiting) this.#take(this.#waiting, object)
      else {
        const header = object as unknown as { Command: string; Seq: number }
        if (BODILESS.has(header.Command)) this.#take(header, {})
        else this.#waiting = header
      }
    }
    done()
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.agent.open.delete(this)
    done()
  }

  #take(header: { Command: string; Seq: number }, body: Record<string, unknown>): void {
    this.#waiting = undefined
    this.agent.take({ command: header.Command, seq: header.Seq, body, socket: this })
  }
}
