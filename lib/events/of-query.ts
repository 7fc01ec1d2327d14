import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent } from './event'
import type { EventOfType } from './event-of-type'
import { nameMatcher, type NameMatcher } from './name-matcher'

/**
 * Lets through the queries of this name, and narrows to the query event of its source: a stream's or a script's.
 * Stateless, a RegExp with the flag `g` or `y` included; completes, errors and unsubscribes with its source.
 * @param name The whole name, a RegExp that finds something in it, or a function of it. Default: every query.
 * @throws TypeError at the call, when `name` is none of these.
 * @example
 * events$.pipe(ofQuery('upcase'), respond((event) => event.text.toUpperCase())).subscribe()
 */
export function ofQuery<E extends { type: string; name?: string } = CommonEvent>(
  name?: NameMatcher,
): OperatorFunction<E, EventOfType<E, 'query'>> {
  const matches = nameMatcher('ofQuery', name)
  return filter(
    (event: E): event is EventOfType<E, 'query'> => event.type === 'query' && matches(event.name ?? ''),
  )
}
