import { frame, header, type Packable } from '../wire/pack'
import { MemoryPeer, type MemorySocket } from './memory-peer'
import type { PeerRequest } from './peer'

interface FakeAnswer {
  error?: string
  body?: Packable
}

/**
 * A peer in memory that answers every command, as an agent in good order does. For clients in virtual time.
 */
export class FakeAgent extends MemoryPeer {
  /** Commands that get no answer. */
  readonly silent = new Set<string>()
  /** What to answer a command with, where it is not a header alone. */
  readonly answers = new Map<string, (request: PeerRequest<MemorySocket>) => FakeAnswer>([
    ['members', () => ({ body: { Members: [] } })],
    ['stats', () => ({ body: { agent: { name: 'fake' } } })],
    ['get-coordinate', () => ({ body: { Coord: { Vec: null }, Ok: false } })],
  ])

  constructor() {
    super((request) => {
      if (this.silent.has(request.command)) return undefined
      const { error = '', body } = this.answers.get(request.command)?.(request) ?? {}
      return body === undefined ? header(request.seq, error) : frame(request.seq, body, error)
    })
  }

  /** Sends a record on every stream whose connection is open. */
  emit(record: Packable): void {
    for (const { seq, connection } of this.asked('stream')) connection.reply(seq, record)
  }
}
