import type { Member } from '../../member'
import { knownOptions, shown } from '../../arguments'
import { addressBytes } from '../wire/address'

export const GOSSIP_PORT = 7946

const FIELDS: Readonly<Record<keyof Member, true>> = {
  name: true,
  addr: true,
  port: true,
  tags: true,
  status: true,
  protocolMin: true,
  protocolMax: true,
  protocolCur: true,
  delegateMin: true,
  delegateMax: true,
  delegateCur: true,
}

/** The protocol versions of Serf 0.9.4. */
const VERSIONS = {
  protocolMin: 1,
  protocolMax: 5,
  protocolCur: 2,
  delegateMin: 2,
  delegateMax: 5,
  delegateCur: 5,
} as const

/** The value of a tag, empty if there is none. A tag may have the name of a property that every object has. */
export function tagOf(tags: Readonly<Record<string, string>>, tag: string): string {
  return Object.hasOwn(tags, tag) ? (tags[tag] ?? '') : ''
}

/** `host:port` of a member. */
export function endpointOf({ addr, port }: Pick<Member, 'addr' | 'port'>): string {
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`
}

/** Refuses a field that no member has. */
export function checkedMember(given: Partial<Member>): Partial<Member> {
  return knownOptions(given, FIELDS, 'a member')
}

/**
 * Completes a member, as the `index`th of a list.
 * @throws TypeError for a field that no member has, or an address that is none.
 */
export function completeMember(given: Partial<Member>, index: number): Member {
  checkedMember(given)
  const name = given.name ?? `node-${index}`
  const addr = given.addr ?? `10.${(index >> 16) & 0xff}.${(index >> 8) & 0xff}.${index & 0xff}`
  if (name === '') throw new TypeError('the name of a member must not be empty')
  if (addressBytes(addr) === undefined) {
    throw new TypeError(`the address of member ${shown(name)} must be an IP address, not ${shown(addr)}`)
  }
  const known = Object.fromEntries(Object.entries<unknown>(given).filter(([, value]) => value !== undefined))
  return {
    port: GOSSIP_PORT,
    status: 'alive',
    ...VERSIONS,
    ...known,
    name,
    addr,
    tags: { ...given.tags },
  }
}
