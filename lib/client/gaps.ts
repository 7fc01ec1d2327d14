import { filter, map, merge, type Observable } from 'rxjs'
import type { Clock } from '../connection/clock'
import { dropsOf } from './drops'
import type { SharedConnection } from './shared-connection'
import type { SharedStreams } from './shared-streams'

/** A moment at which streams may have missed events. */
export interface Gap {
  /**
   * `reconnected`: events were missed while the connection was lost. `dropped`: the agent dropped events
   * because this client read too slowly.
   */
  reason: 'reconnected' | 'dropped'
  at: Date
}

/** Emits when streams that have subscribers may have missed events. */
export function gapsOf(
  connection: SharedConnection,
  streams: SharedStreams,
  clock: Clock,
  watchDrops: boolean,
): Observable<Gap> {
  const toGap = (reason: Gap['reason']) => map((): Gap => ({ reason, at: new Date() }))
  const reconnected$ = connection.reconnected$.pipe(
    filter(() => streams.anyResumed),
    toGap('reconnected'),
  )
  if (!watchDrops) return reconnected$
  const newBackoff = () => connection.newBackoff()
  const dropped$ = dropsOf(connection.channel$, streams.subscribers$, clock, newBackoff).pipe(
    toGap('dropped'),
  )
  return merge(reconnected$, dropped$)
}
