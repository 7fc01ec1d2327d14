import { catchError, type Observable, throwError } from 'rxjs'
import type { Clock } from '../connection/clock'
import { during } from '../connection/opening'
import { limitOf, type ResolvedOptions } from '../connection/options'
import type { Call } from '../protocol/calls'
import { openChannel } from './dial'
import { asSerfError, endingOf } from './connection-errors'
import type { Job, Nature } from './operation'

const READS = new Set(['members', 'members-filtered', 'stats', 'list-keys', 'get-coordinate'])
const SUBSCRIPTIONS = new Set(['stream', 'monitor'])

/** What becomes of a call when its connection is lost. */
export function natureOf({ command }: Call<unknown>): Nature {
  if (READS.has(command)) return 'read'
  return SUBSCRIPTIONS.has(command) ? 'subscription' : 'write'
}

/**
 * Whether a call needs a connection of its own: an agent serves one connection strictly in order, so what waits for other
 * nodes would hold up the rest; it hangs up over a bad pattern; and one connection carries one monitor.
 */
export function goesApart({ command, asksOthers, risky }: Call<unknown>): boolean {
  return asksOthers || risky() || command === 'monitor'
}

/** A call, ready to be carried out. */
export function jobOf<T>(
  call: Call<T>,
  options: ResolvedOptions,
  clock: Clock,
  apart = goesApart(call),
): Job<T> {
  const { command } = call
  return {
    command,
    nature: natureOf(call),
    single: call.reply !== 'records',
    apart,
    limit: limitOf(call, options),
    attempt: (channel, limit) =>
      apart ? alone(call, channel.options, clock, limit) : channel.run(call, limit),
  }
}

/** On a connection of its own, to the agent that the shared one leads to. */
function alone<T>(
  call: Call<T>,
  options: ResolvedOptions,
  clock: Clock,
  limit: number | undefined,
): Observable<T> {
  const opening$ = openChannel(options, clock).pipe(
    catchError((error: unknown) => throwError(() => endingOf(call.command, asSerfError(error)))),
  )
  return during(opening$, (own) => own.run(call, limit))
}
