import type { AgentEvent, EventListener } from '../cluster/agent-event'
import type { RunningQuery } from '../cluster/running-query'
import type { Serf } from '../cluster/serf'
import { queryEventRecord } from '../wire/records'
import { Backlog } from './backlog'
import { type EventFilterEntry, accepts } from './event-filter'
import type { Reply } from './reply'

/** The client of a stream. */
export interface StreamOwner {
  readonly serf: Serf
  /** `host:port`, by which the log names it. */
  readonly address: string
  /** Registers a query that goes to it; returns the id with which it may answer. */
  expect(query: RunningQuery): number
}

/** One `stream` of one client. */
export class EventStream implements EventListener {
  readonly #backlog: Backlog<AgentEvent>
  /** How many more events it delivers once it is stopped. */
  #left = Infinity

  constructor(
    private readonly client: StreamOwner,
    private readonly filter: readonly EventFilterEntry[],
    private readonly reply: Reply,
  ) {
    this.#backlog = new Backlog(
      () => reply.writable,
      (event) => this.#send(event),
    )
  }

  /** Whether it delivers such an event. */
  accepts(event: string, name: string): boolean {
    return accepts(this.filter, event, name)
  }

  offer(event: AgentEvent): void {
    if (!accepts(this.filter, event.event, event.name)) return
    if (this.#left-- <= 0) {
      this.client.serf.events.listeners.delete(this)
      return
    }
    if (this.#backlog.offer(event)) return
    this.client.serf.log.write('warn', `agent.ipc: Dropping event to ipc.client: ${this.client.address}`)
  }

  /** Sends what waited for the reader. */
  flush(): void {
    this.#backlog.flush()
  }

  get drained(): boolean {
    return this.#backlog.empty
  }

  /**
   * Stops. What waits is still sent after the reply to `stop`, and so are `more` further events, as a real
   * agent may do.
   */
  stop(more: number): void {
    this.#left = more
    if (more === 0) this.client.serf.events.listeners.delete(this)
  }

  #send(event: AgentEvent): void {
    const record =
      event.event === 'query' ? queryEventRecord(event.query, this.client.expect(event.query)) : event.record
    this.reply.succeed(record)
  }
}
