import { merge, map, type Observable } from 'rxjs'
import type { Client } from 'serfx'
import type { Connection } from '../../messages'

/** How many gaps are listed one by one. */
const KEPT_GAPS = 20

type Step = (connection: Connection) => Connection

export const noConnection = (address: string, now: number): Connection => ({
  address,
  status: 'idle',
  since: now,
  gaps: [],
  gapCount: 0,
})

/** The changes of the client's connection, each as a function of the state before. */
export function connectionSteps(
  { status$, gaps$ }: Pick<Client, 'status$' | 'gaps$'>,
  now: () => number,
): Observable<Step> {
  return merge(
    status$.pipe(
      map((status): Step => (before) => {
        if (status === before.status) return before
        const { error, ...known } = before
        const kept = status === 'ready' || error === undefined ? known : { ...known, error }
        return { ...kept, status, since: now() }
      }),
    ),
    gaps$.pipe(
      map(({ reason, at }): Step => (before) => ({
        ...before,
        gaps: [...before.gaps, { reason, at: at.getTime() }].slice(-KEPT_GAPS),
        gapCount: before.gapCount + 1,
      })),
    ),
  )
}
