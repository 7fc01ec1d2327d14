import { auditTime, filter, map, merge, type Observable, pairwise } from 'rxjs'
import { byId } from '../parts/element'
import { visible } from '../parts/visible'
import { select } from '../state/select'
import type { State } from '../state/state'
import { connectionWord } from './header'

/** Names that are read out; of more, the number. */
const NAMED = 3

/** Tells who cannot see the page what matters: members that fail, and the connection. */
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
