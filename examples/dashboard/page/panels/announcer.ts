import { auditTime, filter, map, merge, type Observable, pairwise } from 'rxjs'
import { byId } from '../parts/element'
import { visible } from '../parts/visible'
import { select } from '../state/select'
import type { State } from '../state/state'
import { connectionWord } from './header'

/** The largest number of names that are read out. Beyond that, only their number is. */
const NAMED = 3

/** Announces failed members and the connection to screen readers. */
export function announcer(state$: Observable<State>): void {
  const failures$ = select(state$, ({ members }) => members).pipe(
    auditTime(1_000),
    pairwise(),
    map(([before, now]) =>
      [...now.values()].filter(
        ({ name, status }) =>
          status === 'failed' && before.has(name) && before.get(name)?.status !== 'failed',
      ),
    ),
    filter((failed) => failed.length > 0),
    map((failed) =>
      failed.length > NAMED
        ? `${failed.length} members failed`
        : `${failed.map(({ name }) => visible(name)).join(', ')} failed`,
    ),
  )
  const connection$ = select(state$, connectionWord).pipe(map((word) => `Connection: ${word}`))
  merge(failures$, connection$).subscribe((text) => (byId('announcer').textContent = text))
}
