import {
  concat,
  connect,
  defer,
  distinct,
  ignoreElements,
  type MonoTypeOperatorFunction,
  of,
  switchMap,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs'
import { integerBetween, knownOptions, milliseconds, shown } from '../../arguments'
import type { QueryEnd, QueryOptions } from '../../protocol/query-call'
import type { QueryAck, QueryResponse } from '../../protocol/replies'
import { nextTurn$ } from './next-turn'

export type Answer = QueryAck | QueryResponse

/** The checked conditions that end a query before its deadline. */
export interface EarlyEnd {
  /** This many responses, from any node. */
  readonly responses: number
  /** Responses of this share of the asked members; `undefined` if it does not matter who was asked. */
  readonly share: number | undefined
  /** Whether all asked members must have acked too. */
  readonly acks: boolean
  /** This many ms without an answer. */
  readonly quiet: number | undefined
}

/**
 * The conditions of the option `until`; `undefined` for the deadline alone.
 * @throws TypeError or RangeError for conditions that do not exist or are out of range.
 */
export function earlyEndOf({ until, requestAck = false }: QueryOptions): EarlyEnd | undefined {
  if (until === undefined || until === 'deadline') return undefined
  if (until === 'everyone') return { responses: Infinity, share: 1, acks: requestAck, quiet: undefined }
  if (typeof until !== 'object') {
    throw new TypeError(
      `the option until must be "deadline", "everyone" or an object of responses, share, quiet, not ${shown(until)}`,
    )
  }
  return checked(until)
}

function checked(end: QueryEnd): EarlyEnd {
  const known = { responses: true, share: true, quiet: true } as const
  const { responses, share, quiet } = knownOptions(end, known, 'the option until')
  if (responses === undefined && share === undefined && quiet === undefined) {
    throw new RangeError('the option until must have at least one of responses, share, quiet')
  }
  if (responses !== undefined) integerBetween(responses, 1, Number.MAX_SAFE_INTEGER, 'until.responses')
  if (quiet !== undefined) milliseconds(quiet, 1, 'until.quiet')
  if (share !== undefined && typeof share !== 'number') {
    throw new TypeError(`until.share must be a number, not ${shown(share)}`)
  }
  if (share !== undefined && !(share > 0 && share <= 1)) {
    throw new RangeError(`until.share must be above 0 and at most 1, not ${share}`)
  }
  return { responses: responses ?? Infinity, share, acks: false, quiet }
}

/**
 * The product of a share and a count can be wrong by this much at most, which is far less than any share
 * means.
 */
const ROUNDING_ERROR = 1e-9

/**
 * How many nodes are this share of `count`, rounded up. 28 % of 25 are 7, although `0.28 * 25` is a little
 * more.
 */
export function nodesIn(share: number, count: number): number {
  return count === 0 ? 0 : Math.max(1, Math.ceil(share * count - ROUNDING_ERROR))
}

/**
 * Completes with the answer that fulfils a condition, or when no answer has arrived for long enough. Drops
 * the second ack and the second response of a node.
 * @param asked The members that were asked; only `share` needs them.
 */
export function endingAt(end: EarlyEnd, asked: readonly string[]): MonoTypeOperatorFunction<Answer> {
  return (answers$) =>
    defer(() => {
      const distinct$ = answers$.pipe(
        distinct(({ type, from }) => `${type} ${from}`),
        takeWhile(notYet(end, new Set(asked)), true),
      )
      return end.quiet === undefined ? distinct$ : distinct$.pipe(untilQuiet(end.quiet))
    })
}

function notYet(end: EarlyEnd, asked: ReadonlySet<string>): (answer: Answer) => boolean {
  let responses = 0
  let missingResponses = end.share === undefined ? Infinity : nodesIn(end.share, asked.size)
  let missingAcks = end.acks ? asked.size : 0
  return ({ type, from }) => {
    if (type === 'response') responses++
    if (asked.has(from)) {
      if (type === 'response') missingResponses--
      else missingAcks--
    }
    return responses < end.responses && (missingResponses > 0 || missingAcks > 0)
  }
}

/**
 * An answer that has arrived in time counts even if the process was too busy to read it: timers fire before
 * sockets are read.
 */
function untilQuiet(quiet: number): MonoTypeOperatorFunction<Answer> {
  const rest$ = concat(timer(quiet).pipe(ignoreElements()), nextTurn$, of(undefined))
  return connect((answers$) => answers$.pipe(takeUntil(answers$.pipe(switchMap(() => rest$)))))
}
