/** A node as Serf lists it. */
export interface Member {
  name: string
  /** `10.0.0.1`, `fe80::1`. An IPv4 address mapped into IPv6 is shown as IPv4. */
  addr: string
  /** The gossip port, not the RPC port. */
  port: number
  tags: Record<string, string>
  status: MemberStatus
  protocolMin: number
  protocolMax: number
  protocolCur: number
  delegateMin: number
  delegateMax: number
  delegateCur: number
}

/**
 * The status of a member, in Serf's own words. `left` has left the cluster on purpose; `failed` has stopped
 * responding.
 */
export type MemberStatus = 'none' | 'alive' | 'leaving' | 'left' | 'failed'

/** Source: serf 0.9.4, serf/serf.go, `MemberStatus.String`. */
export const MEMBER_STATUSES: readonly MemberStatus[] = ['none', 'alive', 'leaving', 'left', 'failed']
