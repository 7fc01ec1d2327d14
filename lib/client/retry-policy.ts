import type { Call } from '../protocol/calls'

/**
 * What becomes of a command when its connection is lost. `again`: it is sent again, as it only reads. `resubscribe`: it is set up
 * again, as a stream or a monitor. `never`: it errors, as it may have been carried out.
 */
export type RetryPolicy = 'again' | 'resubscribe' | 'never'

const READS = new Set(['members', 'members-filtered', 'stats', 'list-keys', 'get-coordinate'])
const SUBSCRIPTIONS = new Set(['stream', 'monitor'])

export function retryPolicyOf({ command }: Call<unknown>): RetryPolicy {
  if (READS.has(command)) return 'again'
  return SUBSCRIPTIONS.has(command) ? 'resubscribe' : 'never'
}

/**
 * Whether a call needs a connection of its own. An agent serves one connection strictly in order, so a command that waits for
 * other nodes would delay the rest; it hangs up over a bad pattern; and one connection carries one monitor.
 */
export function needsOwnConnection({ command, asksOthers, risky }: Call<unknown>): boolean {
  return asksOthers || risky() || command === 'monitor'
}
