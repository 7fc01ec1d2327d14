import type { Duplex } from 'node:stream'
import { Writer } from '../protocol/writer'

/** Something to be written, unless nobody wants it any more by then. */
export interface Outgoing {
  readonly over: boolean
  /** Called when its turn has come. */
  depart(writer: Writer): void
}

/**
 * What is to be written. Everything of one turn of the event loop leaves in one write, since a write costs far more than
 * the bytes in it; until there is a socket it waits here, and what was given up meanwhile is never sent.
 */
export class Outbox {
  private waiting: Outgoing[] = []
  private readonly writer = new Writer()
  private socket: Duplex | undefined
  private scheduled = false

  put(item: Outgoing): void {
    this.waiting.push(item)
    if (this.scheduled || !this.socket) return
    this.scheduled = true
    process.nextTick(this.flush)
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

  private readonly flush = (): void => {
    this.scheduled = false
    if (!this.socket?.writable) return
    const leaving = this.waiting
    this.waiting = []
    for (const item of leaving) if (!item.over) item.depart(this.writer)
    if (this.writer.length > 0) this.socket.write(this.writer.take())
  }
}
