import {
  dictionary,
  flag,
  integerBetween,
  knownOptions,
  MAX_TIMEOUT,
  milliseconds,
  nonEmpty,
  texts,
} from '../arguments'
import type { Payload } from '../payload'
import { payloadBytes } from './arguments'
import { type Call, callOf } from './call'
import { readCanonicalAnswer, readQueryRecord } from './records/query-records'
import type { QueryAck, QueryResponse } from './replies'

/** Whom a query asks, and when it ends. */
export interface QueryOptions {
  /** Exact names of the nodes to ask; `[]` asks nobody. Default: all. */
  filterNodes?: readonly string[] | undefined
  /** RE2 patterns that a node's tags must match, anywhere in the value. */
  filterTags?: Record<string, string> | undefined
  /** Whether each node acknowledges that it has received the query. Default: false. */
  requestAck?: boolean | undefined
  /** How many other nodes also relay each answer, for lossy networks: 0 to 255. Default: 0. */
  relayFactor?: number | undefined
  /**
   * Milliseconds until the agent stops accepting answers. Default: chosen by the agent, 1.6 to 8 s, depending
   * on its profile and on the size of the cluster.
   */
  timeout?: number | undefined
  /**
   * When to complete, at the deadline at the latest: at the deadline (the default), as soon as every alive
   * member that was asked has answered, or as soon as one condition of a {@link QueryEnd} holds.
   */
  until?: 'deadline' | 'everyone' | QueryEnd | undefined
}

/**
 * Conditions that end a query before its deadline. Give at least one. A second answer of a node is neither
 * counted nor emitted.
 */
export interface QueryEnd {
  /** The query ends after this many responses, at least 1. Acks do not count. */
  responses?: number | undefined
  /**
   * The query ends when this share of the asked alive members has responded: above 0, at most 1. Their number
   * is rounded up.
   */
  share?: number | undefined
  /**
   * The query ends when no answer has arrived for this many ms, at least 1. The time starts with the first
   * answer. With `requestAck`, an ack is an answer too.
   */
  quiet?: number | undefined
}

const QUERY_OPTIONS = {
  filterNodes: true,
  filterTags: true,
  requestAck: true,
  relayFactor: true,
  timeout: true,
  until: true,
} as const satisfies Record<keyof QueryOptions, true>

/** How long after its deadline an agent may take to send `done`, in ms. */
const GRACE = 1_000
/**
 * The limit when the agent chooses the timeout, in ms. In a cluster of a thousand nodes an agent chooses 8 s
 * at most.
 */
const DEFAULT_END = 15_000

/** @param what Names the options in the message about an unknown one. */
export function queryCall(
  name: string,
  payload?: Payload,
  options: QueryOptions = {},
  what = 'the options of query',
): Call<QueryAck | QueryResponse> {
  const { filterNodes = [], filterTags = {}, relayFactor = 0 } = knownOptions(options, QUERY_OPTIONS, what)
  const timeout =
    options.timeout === undefined ? 0 : milliseconds(options.timeout, 1, 'the timeout of a query')
  const body = {
    Name: nonEmpty(name, 'the name of a query'),
    Payload: payloadBytes(payload),
    FilterNodes: texts(filterNodes, 'filterNodes'),
    FilterTags: dictionary(filterTags, 'filterTags'),
    RequestAck: flag(options.requestAck, false, 'requestAck'),
    RelayFactor: integerBetween(relayFactor, 0, 255, 'relayFactor'),
    Timeout: BigInt(Math.round(timeout * 1e6)), // Nanoseconds. A float would make the agent hang up.
  }
  return callOf('query', readQueryRecord, body, {
    readCanonical: readCanonicalAnswer,
    endsAfter: queryEndsAfter(timeout),
  })
}

/**
 * How many ms after the agent's reply a query with this timeout completes at the latest, within what a timer
 * can hold.
 */
export function queryEndsAfter(timeout: number): number {
  return timeout > 0 ? Math.min(timeout + GRACE, MAX_TIMEOUT) : DEFAULT_END
}
