import type { Duplex } from 'node:stream'

/** Something to be written, unless nobody wants it any more by then. */
export interface Outgoing {
  readonly bytes: Buffer
  readonly over: boolean
  /** Called when its bytes go to the socket. */
  departed(): void
}

/**
 * What is to be written. Everything of one turn of the event loop leaves in one write, since a write costs far more than
 * the bytes in it; until there is a socket it waits here, and what was given up meanwhile is never sent.
 */
export class Outbox {
  #waiting: Outgoing[] = []
  #socket: Duplex | undefined
  #scheduled = false

  put(item: Outgoing): void {
    this.#waiting.push(item)
    this.#schedule()
  }

  open(socket: Duplex): void {
    this.#socket = socket
    this.#flush()
  }

  /** Drops what waits. */
  close(): void {
    this.#socket = undefined
    this.#waiting = []
  }

  #schedule(): void {
    if (this.#scheduled || !this.#socket) return
    this.#scheduled = true
    process.nextTick(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    const socket = this.#socket
    if (!socket?.writable) return
    const leaving = this.#waiting.filter((item) => !item.over)
    this.#waiting = []
    for (const item of leaving) item.departed()
    const [first, second] = leaving
    if (first) socket.write(second ? Buffer.concat(leaving.map((item) => item.bytes)) : first.bytes)
  }
}
