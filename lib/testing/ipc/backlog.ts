/**
 * How many records a stream keeps for a slow reader.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc_event_stream.go, ipc_log_stream.go.
 */
const KEPT = 512

/** Records for one reader. Up to 512 wait when it is slow; further ones are dropped. */
export class Backlog<T> {
  #waiting: T[] = []

  constructor(
    private readonly writable: () => boolean,
    private readonly send: (item: T) => void,
  ) {}

  get empty(): boolean {
    return this.#waiting.length === 0
  }

  /** Sends or keeps an item; returns false when it was dropped. */
  offer(item: T): boolean {
    if (this.empty && this.writable()) {
      this.send(item)
      return true
    }
    if (this.#waiting.length >= KEPT) return false
    this.#waiting.push(item)
    return true
  }

  /** Sends as many as the reader has room for. */
  flush(): void {
    let sent = 0
    for (const item of this.#waiting) {
      if (!this.writable()) break
      this.send(item)
      sent++
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent)
  }
}
