import { knownOptions, milliseconds } from '../arguments'

/** How `membership` keeps up with its agent. */
export interface MembershipOptions {
  /** Milliseconds between two readings of the whole list. Default: 60,000. 0: no regular readings. */
  resync?: number | undefined
  /**
   * Milliseconds that an alive member stays in the map after a reconnect although the agent does not list it.
   * An agent that has just restarted lists only itself until it has rejoined its cluster. Default: 10,000. 0:
   * such a member is removed at once.
   */
  rejoinGrace?: number | undefined
}

export type ResolvedMembershipOptions = Readonly<Record<keyof MembershipOptions, number>>

const DEFAULT_RESYNC = 60_000
const DEFAULT_REJOIN_GRACE = 10_000

export function resolveMembershipOptions(options: MembershipOptions): ResolvedMembershipOptions {
  knownOptions(options, { resync: true, rejoinGrace: true }, 'the options of membership')
  const { resync = DEFAULT_RESYNC, rejoinGrace = DEFAULT_REJOIN_GRACE } = options
  return {
    resync: milliseconds(resync, 0, 'the option resync'),
    rejoinGrace: milliseconds(rejoinGrace, 0, 'the option rejoinGrace'),
  }
}
