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

/** An event that can be answered: a query, of a stream or of a script. */
export interface Answerable {
  respond(payload?: Payload): Observable<unknown>
}

/** What {@link respond} makes an answer of: a payload, nothing, or something that gives one sooner or later. */
export type Projected<Nothing = void> = Payload | Nothing | ObservableInput<Payload | Nothing>

/** What {@link RespondOptions.onError} gives: the answer instead, or nothing for none. */
export type Instead<Nothing = void> = Payload | Nothing

export interface RespondOptions<E> {
  /**
   * Told each error, of `project` or of the sending; what it returns is the answer instead, `undefined` for none. When that
   * cannot be sent either, it is told so too, and the query stays unanswered. What it throws itself errors the pipeline.
   */
  onError?(error: unknown, event: E): Instead
}

/**
 * Answers each query with the first value that `project` gives, and passes the query on once the answer was sent.
 * Queries are answered concurrently: a slow one holds up none. A string or a `Uint8Array` is one value, though both can be
 * iterated. `undefined`, or an Observable that ends empty, is no answer; a query without answer is not passed on, so that
 * what comes out is exactly what was answered. Stateless; unsubscribing ends what `project` has under way.
 * Errors: those of `project` and of the sending, unless `onError` is given; TypeError for a value that is no answer.
 * @throws TypeError for a `project` that is no function, and for an option that does not exist.
 * @example
 * events$.pipe(ofQuery('upcase'), respond((event) => event.text.toUpperCase())).subscribe()
 */
export function respond<E extends Answerable>(
  project: (event: NoInfer<E>) => Projected,
  options?: RespondOptions<NoInfer<E>>,
): MonoTypeOperatorFunction<E>
/** The same outside of a pipeline, where `project` says itself what it needs of the event. */
export function respond<P>(
  project: (event: P) => Projected,
  options?: RespondOptions<P>,
): <E extends Answerable & P>(source: Observable<E>) => Observable<E>
export function respond<E extends Answerable>(
  project: (event: E) => Projected,
  options: RespondOptions<E> = {},
): MonoTypeOperatorFunction<E> {
  if (typeof project !== 'function')
    throw new TypeError(`respond: project must be a function, not ${shown(project)}`)
  knownOptions(options, { onError: true }, 'the options of respond')
  return mergeMap((event) => {
    const answered = answer(event, project)
    if (!options.onError) return answered
    return answered.pipe(
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
  })
}

function answer<E extends Answerable>(event: E, project: (event: E) => Projected): Observable<E> {
  return defer(() => asInput(project(event))).pipe(
    take(1),
    mergeMap((value) => (value === undefined ? EMPTY : send(event, value))),
  )
}

/** What gives the answer, for rxjs to subscribe to. It refuses anything else, in words that name neither `respond` nor what it takes. */
function asInput(given: unknown): ObservableInput<unknown> {
  if (typeof given !== 'object' || given === null || isPayload(given)) return [given]
  if (!isInput(given)) throw noAnswer(given)
  return given
}

/** What rxjs takes for an ObservableInput. */
function isInput(given: object): given is ObservableInput<unknown> {
  const keys = ['subscribe', 'then', 'length', 'getReader', Symbol.iterator, Symbol.asyncIterator]
  return [...keys, '@@observable', Symbol.observable].some((key) => key in given)
}

function send<E extends Answerable>(event: E, value: unknown): Observable<E> {
  if (!isPayload(value)) throw noAnswer(value)
  return event.respond(value).pipe(
    take(1),
    map(() => event),
    defaultIfEmpty(event),
  )
}

function noAnswer(value: unknown): TypeError {
  return new TypeError(
    `respond: an answer is a string, a Uint8Array, undefined for none, or a promise or an Observable of one, not ${shown(value)}`,
  )
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'string' || value instanceof Uint8Array
}
