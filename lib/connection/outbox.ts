import type { Duplex } from 'node:stream'
import { Writer } from '../protocol/writer'

/** Something to be written, unless nobody wants it any more by then. */
export interface Outgoing {
  readonly over: boolean
  /** Called when its turn has come. */
  depart(writer: Writer): void
}

/** So many requests are worth a write of their own: the agent can begin with them while the next ones are made. */
const BATCH = 24

/**
 * What is to be written. The requests of one turn of the event loop leave together, since a write costs far more than the
 * bytes in it, only a great many leave in batches; until there is a socket all waits here, and what was given up meanwhile is never sent.
 */
export class Outbox {
  private waiting: Outgoing[] = []
  private readonly writer = new Writer()
  private socket: Duplex | undefined
  private scheduled = false

  /** @param lone Called when a single item has been written. */
  constructor(private readonly lone: () => void) {}

  put(item: Outgoing): void {
    this.waiting.push(item)
    if (!this.socket) return
    if (this.waiting.length >= BATCH) this.flush()
    else if (!this.scheduled) {
      this.scheduled = true
      process.nextTick(this.turn)
    }
  }

  open(socket: Duplex): void {
    this.socket = socket
    this.flush()
  }

  /** Drops what waits. */
  close(): void {
    this.socket = undefined
    this.waiting = []
  }

  private readonly turn = (): void => {
    this.scheduled = false
    this.flush()
  }

  private flush(): void {
    if (!this.socket) return
    const leaving = this.waiting
    this.waiting = []
    for (let index = 0; index < leaving.length; index++) {
      const item = leaving[index]
      if (item?.over === false) item.depart(this.writer)
    }
    if (this.writer.length === 0) return
    const bytes = this.writer.take()
    // A socket that takes nothing any more is about to end, or their time is: nobody waits for ever.
    if (this.socket.writable) this.socket.write(bytes)
    if (leaving.length === 1) this.lone()
  }
}
