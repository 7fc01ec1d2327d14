import type { Member } from '../../member'
import type { Payload } from '../../payload'
import type { ResolvedTestAgentOptions } from '../options'
import type { Timers } from '../timers'
import type { Events } from './events'
import type { Log } from './log'
import type { MemberList } from './member-list'
import { compilePattern } from './pattern'
import { payloadBytes } from './payload'
import { RunningQuery } from './running-query'
import { querySize, relayedSize, responseSize } from './sizes'

/** A query as it reaches one node. */
export interface ReceivedQuery {
  /** Bytes; empty where none were sent. */
  payload: Buffer
  /** `payload` as UTF-8. */
  text: string
  /** The name of the node that is asked. */
  node: string
}

/** What a node answers: nothing (`undefined`), or a payload, at once or later. */
export type QueryHandler = (query: ReceivedQuery) => Payload | undefined | Promise<Payload | undefined>

/** What is asked of the cluster. */
export interface Question {
  name: string
  payload: Buffer | null
  filterNodes: readonly string[]
  filterTags: Readonly<Record<string, string>>
  requestAck: boolean
  relayFactor: number
  /** Nanoseconds; 0 is the default. */
  timeout: number
}

/** Who asks: what comes back, until it is over. */
export interface Asker {
  record(type: 'ack' | 'response' | 'done', from: string, payload: Buffer | null): void
}

const INTERNAL = '_serf_'
const PING = '_serf_ping'
const NANOSECONDS = 1e6

/**
 * Queries of this agent and of other nodes.
 * Source: serf 0.9.4, serf/query.go, cmd/serf/command/agent/agent.go Query.
 */
export class Queries {
  /** What the nodes answer, by the name of the query. */
  readonly handlers = new Map<string, QueryHandler>()
  /** What handlers have thrown. */
  readonly failures: unknown[] = []
  #ltime = 1
  /** Queries of other nodes that wait for an answer. */
  readonly #received = new Set<RunningQuery>()

  constructor(
    private readonly options: ResolvedTestAgentOptions,
    private readonly timers: Timers,
    private readonly members: MemberList,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  /** The time of the next query. */
  get ltime(): number {
    return this.#ltime
  }

  /** Counts a query that is none of ours: each key command is one. */
  tick(): void {
    this.#ltime++
  }

  reset(): void {
    this.#ltime = 1
  }

  /** Nobody answers any more. */
  halt(): void {
    for (const query of this.#received) query.end()
  }

  /** Takes a question: why it cannot be asked, or what begins it. */
  ask(question: Question, asker: Asker): string | (() => void) {
    const { name, payload } = question
    if (name.startsWith(INTERNAL) && (name !== PING || payload !== null)) {
      return `Queries cannot contain the '${INTERNAL}' prefix`
    }
    const timeout = question.timeout === 0 ? this.options.queryTimeout * NANOSECONDS : question.timeout
    const size = querySize({ ...question, timeout, ltime: this.#ltime, node: this.options.name })
    if (size > this.options.querySizeLimit) return this.#tooLarge()
    const ltime = this.#ltime++
    return () => this.#begin(question, ltime, timeout / NANOSECONDS, asker)
  }

  /** A query of another node reaches this one. Resolves with what its clients answer first, `undefined` at the deadline. */
  receive(name: string, payload: Buffer | null, timeout: number): Promise<Buffer | undefined> {
    const size = querySize({
      ...{ name, payload, ltime: this.#ltime, node: this.options.name, timeout: timeout * NANOSECONDS },
      ...{ filterNodes: [], filterTags: {}, relayFactor: 0 },
    })
    if (size > this.options.querySizeLimit) throw new RangeError(this.#tooLarge())
    const ltime = this.#ltime++
    return new Promise((resolve) => {
      const query = new RunningQuery(name, payload, ltime, (answer) => {
        const failure = this.#checkResponse(ltime, this.options.name, answer)
        if (failure === undefined) resolve(answer)
        return failure
      })
      this.#received.add(query)
      query.onEnd(() => {
        this.#received.delete(query)
        resolve(undefined)
      })
      this.#deliver(query, timeout)
    })
  }

  #begin(question: Question, ltime: number, timeout: number, asker: Asker): void {
    const self = this.options.name
    const names = this.#selected(question)
    if (question.requestAck) for (const name of names) asker.record('ack', name, null)
    const query = new RunningQuery(question.name, question.payload, ltime, (answer) => {
      const failure = this.#checkResponse(ltime, self, answer)
      if (failure !== undefined) return failure
      asker.record('response', self, answer)
      return this.#checkRelay(question.relayFactor, ltime, answer)
    })
    query.onEnd(() => {
      for (let count = 0; count < this.options.spuriousRecords; count++) {
        asker.record('response', '', null)
        if (question.requestAck) asker.record('ack', '', null)
      }
      asker.record('done', '', null)
    })
    const asksSelf = names.includes(self) && question.name !== PING
    this.#deliver(query, timeout, asksSelf)
    for (const name of names) {
      void this.#answer(question, name).then((answer) => {
        if (answer === undefined || query.over) return
        const failure = name === self ? query.respond(answer) : this.#checkResponse(ltime, name, answer)
        if (failure !== undefined) {
          this.log.write('warn', `agent: Failed to respond to query '${question.name}': ${failure}`)
        } else if (name !== self) asker.record('response', name, answer)
      })
    }
  }

  #deliver(query: RunningQuery, timeout: number, here = true): void {
    this.timers.after(timeout, () => query.end())
    if (here) this.events.emit({ event: 'query', name: query.name, query })
  }

  /** What a node answers; nothing where its handler fails, which is kept for whoever stops the agent. */
  async #answer({ name, payload }: Question, node: string): Promise<Buffer | undefined> {
    const handler = this.handlers.get(name)
    if (!handler) return undefined
    try {
      const bytes = Buffer.from(payload ?? [])
      const answer = await handler({ payload: bytes, text: bytes.toString(), node })
      return answer === undefined ? undefined : payloadBytes(answer)
    } catch (error) {
      this.failures.push(error)
      return undefined
    }
  }

  /** The alive members that match all filters. A pattern that is none matches nobody. */
  #selected({ filterNodes, filterTags }: Question): string[] {
    const nodes = new Set(filterNodes)
    const tags = Object.entries(filterTags).map(([tag, pattern]) => ({
      tag,
      matches: compilePattern(pattern),
    }))
    const selects = ({ name, status, tags: own }: Member) =>
      status === 'alive' &&
      (nodes.size === 0 || nodes.has(name)) &&
      tags.every(({ tag, matches }) => matches?.(own[tag] ?? '') === true)
    return [...this.members].filter(selects).map(({ name }) => name)
  }

  #checkResponse(ltime: number, from: string, payload: Buffer): string | undefined {
    const limit = this.options.queryResponseSizeLimit
    const size = responseSize({ ltime, from, payload })
    return size > limit ? `response exceeds limit of ${limit} bytes` : undefined
  }

  /** Passing an answer on may fail though the answer itself has been delivered. */
  #checkRelay(relayFactor: number, ltime: number, payload: Buffer): string | undefined {
    const { name, queryResponseSizeLimit: limit } = this.options
    if (relayFactor === 0 || this.members.size < relayFactor + 1) return undefined
    const size = relayedSize(responseSize({ ltime, from: name, payload }), name)
    return size > limit ? `relayed response exceeds limit of ${limit} bytes` : undefined
  }

  #tooLarge(): string {
    return `query exceeds limit of ${this.options.querySizeLimit} bytes`
  }
}
