import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent } from './event'
import type { EventOfType } from './event-of-type'
import { nameMatcher, type NameMatcher } from './name-matcher'

/**
 * Passes on the queries with this name. The type narrows to the query event of the source, a stream or a
 * script. Stateless, even with the flags `g` and `y` of a RegExp; completes, errors and unsubscribes with its
 * source.
 * @param name The whole name, a RegExp that matches somewhere in it, or a function of it. Default: every
 *   query.
 * @throws TypeError at the call if `name` is none of these.
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
