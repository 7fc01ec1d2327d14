import { filter, type OperatorFunction } from 'rxjs'
import type { CommonEvent } from './event'
import type { EventOfType } from './event-of-type'
import { nameMatcher, type NameMatcher } from './name-matcher'

/**
 * Passes on the user events with this name. The type narrows to the user event of the source, a stream or a
 * script. Stateless, even with the flags `g` and `y` of a RegExp; completes, errors and unsubscribes with its
 * source.
 * @param name The whole name, a RegExp that matches somewhere in it, or a function of it. Default: every user
 *   event.
 * @throws TypeError at the call if `name` is none of these.
 * @example
 * events$.pipe(ofUser('deploy')).subscribe((event) => deploy(event.text))
 */
export function ofUser<E extends { type: string; name?: string } = CommonEvent>(
  name?: NameMatcher,
): OperatorFunction<E, EventOfType<E, 'user'>> {
  const matches = nameMatcher('ofUser', name)
  return filter(
    (event: E): event is EventOfType<E, 'user'> => event.type === 'user' && matches(event.name ?? ''),
  )
}
