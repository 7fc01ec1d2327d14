import type { Member } from '../../../lib/member'

/** A member as an agent lists it. `changes` replaces some of its fields. */
export function memberOf(name: string, changes: Partial<Member> = {}): Member {
  return {
    name,
    addr: '10.0.0.1',
    port: 7946,
    tags: {},
    status: 'alive',
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 5,
    ...changes,
  }
}
