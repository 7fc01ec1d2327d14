import { Observable, of, switchMap } from 'rxjs'
import type { Payload } from '../../payload'
import { queryCall, type QueryOptions } from '../../protocol/query-call'
import type { QueryResponse } from '../../protocol/replies'
import { askedBy, type CallRunner, unlessNobody } from './asked'
import { type Answer, earlyEndOf, endingAt } from './query-end'

/** The progress of a query: a snapshot that never changes. */
export interface QueryProgress {
  /** The alive members that the filters select, sorted by name. */
  readonly asked: readonly string[]
  /** The nodes that have acked, with the option `requestAck`. */
  readonly acks: ReadonlySet<string>
  /** The responses by node, including those of nodes that were not asked. */
  readonly responses: ReadonlyMap<string, QueryResponse>
  /** The asked members that have not responded yet, sorted by name. */
  readonly missing: readonly string[]
  /** Whether the query has ended. */
  readonly done: boolean
}

/** See `Commands.queryProgress`. */
export function progressOf(
  agent: CallRunner,
  name: string,
  payload: Payload | undefined,
  options: QueryOptions,
): Observable<QueryProgress> {
  const answers$ = agent.run(queryCall(name, payload, options, 'the options of queryProgress'))
  const { until = 'everyone' } = options
  const end = earlyEndOf({ ...options, until })
  const nobody$ = of(new Tally([]).snapshot(true))
  const progress$ = askedBy(agent, options).pipe(
    switchMap((asked) => {
      if (asked.length === 0) return nobody$
      return follow(asked, end ? answers$.pipe(endingAt(end, asked)) : answers$)
    }),
  )
  return unlessNobody(agent, options, progress$, nobody$)
}

function follow(asked: readonly string[], answers$: Observable<Answer>): Observable<QueryProgress> {
  return new Observable((subscriber) => {
    const tally = new Tally(asked)
    let turn: NodeJS.Immediate | undefined
    const show = () => {
      clearImmediate(turn)
      turn = undefined
      subscriber.next(tally.snapshot(false))
    }
    subscriber.add(() => clearImmediate(turn))
    show()
    if (subscriber.closed) return
    subscriber.add(
      answers$.subscribe({
        next: (answer) => {
          tally.add(answer)
          // One snapshot for all answers that arrive together keeps the cost linear.
          turn ??= setImmediate(show)
        },
        error: (error: unknown) => {
          if (turn) show()
          subscriber.error(error)
        },
        complete: () => {
          subscriber.next(tally.snapshot(true))
          subscriber.complete()
        },
      }),
    )
  })
}

/** The answers to a query so far. */
class Tally {
  readonly #asked: readonly string[]
  readonly #acks = new Set<string>()
  readonly #responses = new Map<string, QueryResponse>()

  constructor(asked: readonly string[]) {
    this.#asked = Object.freeze([...asked].sort())
  }

  add(answer: Answer): void {
    if (answer.type === 'ack') this.#acks.add(answer.from)
    else if (!this.#responses.has(answer.from)) this.#responses.set(answer.from, answer)
  }

  snapshot(done: boolean): QueryProgress {
    return {
      asked: this.#asked,
      acks: new Set(this.#acks),
      responses: new Map(this.#responses),
      missing: this.#asked.filter((name) => !this.#responses.has(name)),
      done,
    }
  }
}
