import type { Duplex } from 'node:stream'
import { Writer } from '../protocol/writer'
import { afterThisTick } from '../after-this-tick'

/** A write that waits for the socket. */
export interface QueuedWrite {
  /** Whether nobody waits for it any more. Then it is not written. */
  readonly abandoned: boolean
  write(writer: Writer): void
}

/** This many requests are written at once, so that the agent can start on them while more are made. */
const BATCH = 24
/**
 * One write to the socket has at most about this many bytes, so that a full socket holds few requests that
 * can no longer be dropped.
 */
const CHUNK = 64 * 1024
/** The queue is compacted only when at least this many entries are abandoned. */
const MIN_ABANDONED = 64

/**
 * Collects the requests of one turn of the event loop into one write, because a write costs far more than its
 * bytes. Large numbers of requests are written in batches. Requests wait here until there is a socket, and
 * while the socket is full. Abandoned requests are dropped.
 */
export class WriteQueue {
  private waiting: QueuedWrite[] = []
  /** The first of `waiting` that has not been written. */
  private first = 0
  /** How many of `waiting` have been abandoned. */
  private abandoned = 0
  private readonly writer = new Writer()
  private socket: Duplex | undefined
  private scheduled = false

  /** Whether the socket is full: the agent does not read. */
  get blocked(): boolean {
    return this.socket?.writableNeedDrain === true
  }

  add(item: QueuedWrite): void {
    this.waiting.push(item)
    if (!this.socket) return
    if (this.waiting.length - this.first >= BATCH) this.flush()
    else if (!this.scheduled) {
      this.scheduled = true
      afterThisTick(this.flushScheduled)
    }
  }

  attach(socket: Duplex): void {
    this.socket = socket
    socket.on('drain', () => this.flush())
    this.flush()
  }

  /** To be called when an unwritten item is abandoned, so that its memory can be freed. */
  onAbandoned(): void {
    this.abandoned++
    const waiting = this.waiting.length - this.first
    if (this.abandoned < MIN_ABANDONED || 2 * this.abandoned < waiting) return
    this.waiting = this.waiting.slice(this.first).filter((item) => !item.abandoned)
    this.first = this.abandoned = 0
  }

  /** Drops all waiting items. */
  close(): void {
    this.socket = undefined
    this.waiting = []
    this.first = this.abandoned = 0
  }

  private readonly flushScheduled = (): void => {
    this.scheduled = false
    this.flush()
  }

  private flush(): void {
    // A socket that answers within `write` may cause another call of this method, which then continues from
    // here.
    while (this.socket && this.first < this.waiting.length && !this.blocked) {
      this.encode()
      if (this.writer.length === 0) continue
      const bytes = this.writer.flush()
      // If the socket is no longer writable, it is about to end, or the requests time out.
      if (this.socket.writable) this.socket.write(bytes)
    }
  }

  private encode(): void {
    const { waiting, writer } = this
    while (this.first < waiting.length && writer.length < CHUNK) {
      const item = waiting[this.first++]
      if (item?.abandoned === false) item.write(writer)
      else if (this.abandoned > 0) this.abandoned--
    }
    if (this.first < waiting.length) return
    this.waiting = []
    this.first = this.abandoned = 0
  }
}
