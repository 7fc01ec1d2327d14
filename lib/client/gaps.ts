import { filter, map, merge, type Observable } from 'rxjs'
import type { Clock } from '../connection/clock'
import { dropsOf } from './drops'
import type { SharedConnection } from './shared-connection'
import type { SharedStreams } from './shared-streams'

/** A place where a stream may have missed events, which the wire itself does not tell. */
export interface Gap {
  /** `reconnected`: nothing came while the connection was lost. `dropped`: we read too slowly for the agent. */
  reason: 'reconnected' | 'dropped'
  at: Date
}

/** Where events of streams that are listened to may have been lost. */
export function gapsOf(
  connection: SharedConnection,
  streams: SharedStreams,
  clock: Clock,
  watchDrops: boolean,
): Observable<Gap> {
  const reconnected$ = connection.reconnected$.pipe(filter(() => streams.takeResumed()))
  const gapsBy = (reason: Gap['reason']) => map((): Gap => ({ reason, at: new Date() }))
  if (!watchDrops) return reconnected$.pipe(gapsBy('reconnected'))
  const drops$ = dropsOf(connection.current$, streams.listeners$, clock, () => connection.newBackoff())
  return merge(reconnected$.pipe(gapsBy('reconnected')), drops$.pipe(gapsBy('dropped')))
}
