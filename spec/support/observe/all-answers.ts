import type { Observable } from 'rxjs'
import { until } from '../time/until'
import { valuesOf } from './values'

/**
 * Sends a query until it brings at least `count` values, and returns those. An answer is one UDP packet, and an
 * agent on a busy machine loses some. The query must end well within the deadline of `until`.
 */
export const allAnswersOf = <T>(count: number, query$: Observable<T>): Promise<T[]> =>
  until(`${count} answers to one query`, async () => {
    const answers = await valuesOf(query$)
    return answers.length < count ? undefined : answers
  })
