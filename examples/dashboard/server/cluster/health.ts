import { catchError, EMPTY, exhaustMap, map, type Observable, timer } from 'rxjs'
import type { AgentStats, Client } from 'serfx'
import type { AgentHealth } from '../../messages'

/** Milliseconds between readings of the agent's stats. */
const EVERY = 5_000

/** The agent's stats, now and every few seconds. Emits nothing while the agent is gone. */
export function healthOf({ stats }: Pick<Client, 'stats'>): Observable<AgentHealth> {
  return timer(0, EVERY).pipe(
    exhaustMap(() => stats().pipe(catchError(() => EMPTY))),
    map(agentHealth),
  )
}

function agentHealth({ agent, serf }: AgentStats): AgentHealth {
  return {
    name: agent.name,
    healthScore: Number(serf.health_score ?? 0),
    eventQueue: Number(serf.event_queue ?? 0),
    intentQueue: Number(serf.intent_queue ?? 0),
    queryQueue: Number(serf.query_queue ?? 0),
  }
}
