import type { Duplex } from 'node:stream'
import { Writer } from '../protocol/writer'

/** A write that waits for its turn. */
export interface QueuedWrite {
  /** Whether nobody waits for it any more: then it is not written. */
  readonly abandoned: boolean
  write(writer: Writer): void
}

/** This many requests are written at once: the agent can start on them while the next ones are made. */
const BATCH = 24

/**
 * Collects the requests of one turn of the event loop into one write, because a write costs far more than the bytes in it.
 * Large numbers of requests are written in batches. Before there is a socket everything waits here.
 */
export class WriteQueue {
  private waiting: QueuedWrite[] = []
  private readonly writer = new Writer()
  private socket: Duplex | undefined
  private scheduled = false

  add(item: QueuedWrite): void {
    this.waiting.push(item)
    if (!this.socket) return
    if (this.waiting.length >= BATCH) this.flush()
    else if (!this.scheduled) {
      this.scheduled = true
      process.nextTick(this.turn)
    }
  }

  attach(socket: Duplex): void {
    this.socket = socket
    this.flush()
  }

  /** Drops everything that waits. */
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
    const batch = this.waiting
    this.waiting = []
    for (let index = 0; index < batch.length; index++) {
      const item = batch[index]
      if (item?.abandoned === false) item.write(this.writer)
    }
    if (this.writer.length === 0) return
    const bytes = this.writer.flush()
    // A socket that takes nothing any more is about to end, or their time is: nobody waits for ever.
    if (this.socket.writable) this.socket.write(bytes)
  }
}
