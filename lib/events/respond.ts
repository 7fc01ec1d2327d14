import {
  catchError,
  defaultIfEmpty,
  defer,
  EMPTY,
  map,
  mergeMap,
  take,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
} from 'rxjs'
import { knownOptions, shown } from '../arguments'
import type { Payload } from '../payload'

/** An event that can be answered: a query from a stream or a script. */
export interface Answerable {
  respond(payload?: Payload): Observable<unknown>
}

/**
 * The result of the `project` of {@link respond}: a payload, nothing, or a promise, an Observable or another
 * input of rxjs that yields either.
 */
export type Projected<Nothing = void> = Payload | Nothing | ObservableInput<Payload | Nothing>

/** The result of {@link RespondOptions.onError}: another answer, or nothing. */
export type Instead<Nothing = void> = Payload | Nothing

/** The events of E that can be answered. While E is unknown, any event that can be answered. */
export type AnswerableOf<E> = unknown extends E ? Answerable : Extract<E, Answerable>

/**
 * Requires an impossible argument if no event of E is a query, so that the compiler refuses {@link respond}
 * there.
 */
export type NoQuery<E> = [AnswerableOf<E>] extends [never] ? [never] : []

/** What {@link respond} does after an error. */
export interface RespondOptions<E> {
  /**
   * Called with each error of `project` or of sending the answer. Its result is sent as the answer, unless it
   * is `undefined`. If that cannot be sent either, `onError` is called again, and the query stays unanswered.
   * If `onError` throws, the pipeline errors.
   */
  onError?: ((error: unknown, event: E) => Instead) | undefined
}

/**
 * Answers each query with the first value of `project`. A string or a `Uint8Array` is one value, although
 * both can be iterated. `undefined`, or an Observable without a value, means no answer. Every event is passed
 * on: a query after it has been answered, or when there is no answer; any other event at once. Queries are
 * answered concurrently, so a slow one does not delay the others. Stateless; completes with its source, after
 * the last answer. Unsubscribing also unsubscribes the results of `project`. Errors: those of `project` and
 * of sending the answer, unless `onError` is given; TypeError for a value that cannot be an answer.
 * @throws TypeError at the call if `project` is not a function, or for an option that does not exist.
 * @example
 * events$.pipe(ofQuery('upcase'), respond((event) => event.text.toUpperCase())).subscribe()
 */
export function respond<E>(
  project: (event: NoInfer<AnswerableOf<E>>) => Projected,
  options?: RespondOptions<NoInfer<AnswerableOf<E>>>,
  ...none: NoQuery<E>
): MonoTypeOperatorFunction<E>
/** The same outside of a pipeline. The parameter of `project` declares the type of the event. */
export function respond<P>(
  project: (event: P) => Projected,
  options?: RespondOptions<P>,
): <E extends Answerable & P>(source: Observable<E>) => Observable<E>
export function respond<E>(
  project: (event: E & Answerable) => Projected,
  options: RespondOptions<E & Answerable> = {},
): MonoTypeOperatorFunction<E> {
  if (typeof project !== 'function')
    throw new TypeError(`respond: project must be a function, not ${shown(project)}`)
  const { onError } = knownOptions(options, { onError: true }, 'the options of respond')
  if (onError !== undefined && typeof onError !== 'function')
    throw new TypeError(`respond: onError must be a function, not ${shown(onError)}`)
  return mergeMap((event) => {
    if (!isAnswerable(event)) return [event]
    return answered(event, project, options).pipe(
      map(() => event),
      defaultIfEmpty(event),
    )
  })
}

/** Whether the event is a query, since only queries have `respond`. */
function isAnswerable<E>(event: E): event is E & Answerable {
  return typeof event === 'object' && event !== null && 'respond' in event
}

function answered<E extends Answerable>(
  event: E,
  project: (event: E) => Projected,
  options: RespondOptions<E>,
): Observable<unknown> {
  if (!options.onError) return answer(event, project)
  return answer(event, project).pipe(
    catchError((error: unknown) => {
      const instead = options.onError?.(error, event)
      return answer(event, () => instead).pipe(
        catchError((unsent: unknown) => {
          options.onError?.(unsent, event)
          return EMPTY
        }),
      )
    }),
  )
}

/** Emits once the answer has been sent. Completes without a value if there is none. */
function answer<E extends Answerable>(event: E, project: (event: E) => Projected): Observable<unknown> {
  return defer(() => asInput(project(event))).pipe(
    take(1),
    mergeMap((value) => (value === undefined ? EMPTY : send(event, value))),
  )
}

/**
 * The result of `project` as an input for rxjs. Invalid results are refused here, because the error of rxjs
 * does not mention `respond`.
 */
function asInput(given: unknown): ObservableInput<unknown> {
  if (typeof given !== 'object' || given === null || isPayload(given)) return [given]
  if (!isInput(given)) throw noAnswer(given)
  return given
}

/** Whether rxjs accepts it as an ObservableInput. */
function isInput(given: object): given is ObservableInput<unknown> {
  const keys = ['subscribe', 'then', 'length', 'getReader', Symbol.iterator, Symbol.asyncIterator]
  return [...keys, '@@observable', Symbol.observable].some((key) => key in given)
}

function send(event: Answerable, value: unknown): Observable<unknown> {
  if (!isPayload(value)) throw noAnswer(value)
  return event.respond(value).pipe(take(1))
}

function noAnswer(value: unknown): TypeError {
  return new TypeError(
    `respond: an answer is a string, a Uint8Array, undefined for none, or a promise or an Observable of one, not ${shown(value)}`,
  )
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'string' || value instanceof Uint8Array
}
