import type { Member } from '../../member'
import type { Payload } from '../../payload'
import type { ResolvedTestAgentOptions } from '../options'
import type { Timers } from '../timers'
import type { Events } from './events'
import type { Log } from './log'
import type { MemberList } from './member-list'
import { compilePattern } from './pattern'
import { payloadBytes, quotedPayload } from './payload'
import { tagOf } from './member'
import { RunningQuery } from './running-query'
import { querySize, relayedSize, responseSize } from './sizes'

/** A query as it reaches one node. */
export interface ReceivedQuery {
  /** The bytes; empty if none were sent. */
  payload: Buffer
  /** `payload` as UTF-8. */
  text: string
  /** The name of the node that receives the query. */
  node: string
}

/** Answers a query for a node: with a payload, now or later, or not at all (`undefined`). */
export type QueryHandler = (query: ReceivedQuery) => Payload | undefined | Promise<Payload | undefined>

/** A query of a client. */
export interface QueryParams {
  name: string
  payload: Buffer | null
  filterNodes: readonly string[]
  filterTags: Readonly<Record<string, string>>
  requestAck: boolean
  relayFactor: number
  /** Nanoseconds; 0 is the default. */
  timeout: number
}

/** Receives the records of a query. */
export interface QueryCaller {
  record(type: 'ack' | 'response' | 'done', from: string, payload: Buffer | null): void
}

const INTERNAL = '_serf_'
const PING = '_serf_ping'
const NANOSECONDS = 1e6

/** Delivers the answer of a node; returns why that failed. */
type Respond = (answer: Buffer) => string | undefined

/** A query that was sent. */
interface QueryRun {
  params: QueryParams
  ltime: number
  /** Milliseconds. */
  timeout: number
}

/** What queries need from the agent that they reach. */
interface QueriedAgent {
  readonly options: ResolvedTestAgentOptions
  readonly timers: Timers
  readonly members: MemberList
  readonly events: Events
  readonly log: Log
  /** The errors that a test's handlers have thrown. */
  readonly failures: unknown[]
  /** The agent of this process that a node is, if it is one. */
  agentNamed(name: string): { readonly running: boolean; readonly queries: Queries } | undefined
}

/**
 * Queries of this agent and of other nodes.
 * Source: serf 0.9.4, serf/query.go, cmd/serf/command/agent/agent.go Query.
 */
export class Queries {
  /** The handlers by the name of the query. */
  readonly handlers = new Map<string, QueryHandler>()
  #ltime = 1
  /** Queries of other nodes that wait for an answer. */
  readonly #received = new Set<RunningQuery>()

  constructor(private readonly agent: QueriedAgent) {}

  /** The time of the next query. */
  get ltime(): number {
    return this.#ltime
  }

  /** Counts a query that no client has sent: each key command is one. */
  tick(): void {
    this.#ltime++
  }

  /** Moves the clock on to that of the cluster. */
  witness(ltime: number): void {
    this.#ltime = Math.max(this.#ltime, ltime)
  }

  reset(): void {
    this.#ltime = 1
  }

  /** Ends what waits for an answer. */
  halt(): void {
    for (const query of this.#received) query.end()
  }

  /** Checks a query; returns why it cannot be sent, or a function that sends it. */
  ask(params: QueryParams, caller: QueryCaller): string | (() => void) {
    const { name, payload } = params
    if (name.startsWith(INTERNAL) && (name !== PING || payload !== null)) {
      return `Queries cannot contain the '${INTERNAL}' prefix`
    }
    this.agent.log.write('debug', `agent: Requesting query send: ${name}. Payload: ${quotedPayload(payload)}`)
    const timeout = params.timeout === 0 ? this.agent.options.queryTimeout * NANOSECONDS : params.timeout
    const size = querySize({ ...params, timeout, ltime: this.#ltime, node: this.agent.options.name })
    if (size > this.agent.options.querySizeLimit) {
      this.agent.log.write('warn', `agent: failed to start user query: ${this.#tooLarge()}`)
      return this.#tooLarge()
    }
    const ltime = this.#ltime++
    return () => this.#begin(params, ltime, timeout / NANOSECONDS, caller)
  }

  /**
   * Receives a query of another node. Resolves with the first answer of a client, or with `undefined` at the
   * deadline.
   */
  receive(name: string, payload: Buffer | null, timeout: number): Promise<Buffer | undefined> {
    const size = querySize({
      ...{ name, payload, ltime: this.#ltime, node: this.agent.options.name, timeout: timeout * NANOSECONDS },
      ...{ filterNodes: [], filterTags: {}, relayFactor: 0 },
    })
    if (size > this.agent.options.querySizeLimit) throw new RangeError(this.#tooLarge())
    const ltime = this.#ltime++
    return new Promise((resolve) => {
      const query = new RunningQuery(name, payload, ltime, (answer) => {
        const failure = this.#checkResponse(ltime, this.agent.options.name, answer)
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

  #begin(params: QueryParams, ltime: number, timeout: number, caller: QueryCaller): void {
    const names = this.#selected(params).filter((name) => this.agent.agentNamed(name)?.running !== false)
    if (params.requestAck) for (const name of names) caller.record('ack', name, null)
    const run = { params, ltime, timeout, over: false }
    for (const name of names) {
      const node = this.agent.agentNamed(name)?.queries
      const respond = (answer: Buffer) => {
        if (run.over) return 'response is past the deadline'
        const failure = (node ?? this).#checkResponse(ltime, name, answer)
        if (failure !== undefined) return failure
        caller.record('response', name, answer)
        return this.#checkRelay(params.relayFactor, ltime, answer)
      }
      if (node) node.#visit(run, name, respond)
      else if (this.handlers.has(params.name)) void this.#answerAs(run, name, respond)
    }
    this.agent.timers.after(timeout, () => {
      run.over = true
      for (let count = 0; count < this.agent.options.spuriousRecords; count++) {
        caller.record('response', '', null)
        if (params.requestAck) caller.record('ack', '', null)
      }
      caller.record('done', '', null)
    })
  }

  /**
   * Receives a query of the cluster. The clients of this agent and its handler may answer; the first answer
   * counts.
   */
  #visit({ params, ltime, timeout }: QueryRun, name: string, respond: Respond): void {
    this.witness(ltime + 1)
    const query = new RunningQuery(params.name, params.payload, ltime, respond)
    if (params.name !== PING) this.#deliver(query, timeout)
    void this.#answerAs({ params, ltime, timeout }, name, (answer) => query.respond(answer))
  }

  /** Answers with what the handler returns for this node. If the answer is refused, only the log tells. */
  async #answerAs({ params }: QueryRun, name: string, respond: Respond): Promise<void> {
    const answer = await this.#answer(params, name)
    const failure = answer && respond(answer)
    if (failure !== undefined) {
      this.agent.log.write('warn', `agent: Failed to respond to query '${params.name}': ${failure}`)
    }
  }

  #deliver(query: RunningQuery, timeout: number): void {
    this.agent.timers.after(timeout, () => query.end())
    this.agent.events.emit({ event: 'query', name: query.name, query })
  }

  /** Calls the handler for a node. If it fails there is no answer, and `stop` rejects. */
  async #answer({ name, payload }: QueryParams, node: string): Promise<Buffer | undefined> {
    const handler = this.handlers.get(name)
    if (!handler) return undefined
    try {
      const bytes = Buffer.from(payload ?? [])
      const answer = await handler({ payload: bytes, text: bytes.toString(), node })
      return answer === undefined ? undefined : payloadBytes(answer)
    } catch (error) {
      this.agent.failures.push(error)
      return undefined
    }
  }

  /** The alive members that match all filters. A bad pattern matches nobody. */
  #selected({ filterNodes, filterTags }: QueryParams): string[] {
    const nodes = new Set(filterNodes)
    const tags = Object.entries(filterTags).map(([tag, pattern]) => {
      const matches = compilePattern(pattern)
      if (!matches) {
        const reason = `failed to compile filter regex (${pattern}): error parsing regexp`
        this.agent.log.write('warn', `serf: ${reason}`)
      }
      return { tag, matches }
    })
    const selects = ({ name, status, tags: own }: Member) =>
      status === 'alive' &&
      (nodes.size === 0 || nodes.has(name)) &&
      tags.every(({ tag, matches }) => matches?.(tagOf(own, tag)) === true)
    return [...this.agent.members].filter(selects).map(({ name }) => name)
  }

  #checkResponse(ltime: number, from: string, payload: Buffer): string | undefined {
    const limit = this.agent.options.queryResponseSizeLimit
    const size = responseSize({ ltime, from, payload })
    return size > limit ? `response exceeds limit of ${limit} bytes` : undefined
  }

  /** Relaying an answer may fail although the answer itself has been delivered. */
  #checkRelay(relayFactor: number, ltime: number, payload: Buffer): string | undefined {
    const { name, queryResponseSizeLimit: limit } = this.agent.options
    if (relayFactor === 0 || this.agent.members.size < relayFactor + 1) return undefined
    const size = relayedSize(responseSize({ ltime, from: name, payload }), name)
    return size > limit ? `relayed response exceeds limit of ${limit} bytes` : undefined
  }

  #tooLarge(): string {
    return `query exceeds limit of ${this.agent.options.querySizeLimit} bytes`
  }
}
