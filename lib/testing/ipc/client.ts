import type { RunningQuery } from '../cluster/running-query'
import type { Serf } from '../cluster/serf'
import type { Uint64 } from '../wire/requests'
import type { EventStream, StreamOwner } from './event-stream'
import type { LogStream } from './log-stream'

/** What an agent knows about one client while it is connected. */
export class Client implements StreamOwner {
  handshaken = false
  authenticated = false
  /** The streams by the seq of their requests. */
  readonly streams = new Map<Uint64, EventStream>()
  monitor: LogStream | undefined
  /** Stopped streams that still have records for the reader. */
  readonly stopped = new Set<EventStream | LogStream>()
  readonly #queries = new Map<Uint64, RunningQuery>()
  #lastId = 0

  constructor(
    readonly serf: Serf,
    /** `host:port`, by which the log names it. */
    readonly address: string,
  ) {}

  /**
   * Registers a query that goes to this client; returns the id with which it may answer until the deadline.
   */
  expect(query: RunningQuery): number {
    const id = ++this.#lastId
    if (query.over) return id
    this.#queries.set(id, query)
    query.onEnd(() => this.#queries.delete(id))
    return id
  }

  queryOf(id: Uint64): RunningQuery | undefined {
    return this.#queries.get(id)
  }

  /** Sends what waited for the reader. */
  flush(): void {
    for (const stream of this.stopped) {
      stream.flush()
      if (stream.drained) this.stopped.delete(stream)
    }
    for (const stream of this.streams.values()) stream.flush()
    this.monitor?.flush()
  }

  /** Whether nothing waits for the reader. */
  get drained(): boolean {
    const streams = [...this.streams.values(), ...this.stopped]
    return streams.every((stream) => stream.drained) && this.monitor?.drained !== false
  }

  /** Ends the stream or monitor of this seq, if there is one. */
  stop(seq: Uint64): void {
    const stream = this.streams.get(seq)
    if (stream) {
      this.streams.delete(seq)
      stream.stop(this.serf.options.recordsAfterStop)
      this.stopped.add(stream)
    }
    if (this.monitor?.seq !== seq) return
    this.serf.log.followers.delete(this.monitor.follow)
    this.stopped.add(this.monitor)
    this.monitor = undefined
  }

  /** Removes what it left at the agent, after it has gone. */
  forget(): void {
    for (const stream of [...this.streams.values(), ...this.stopped]) {
      if ('offer' in stream) this.serf.events.listeners.delete(stream)
    }
    if (this.monitor) this.serf.log.followers.delete(this.monitor.follow)
  }
}
