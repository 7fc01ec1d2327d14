import type { Member } from '../../member'
import { addressBytes } from '../wire/address'

const GOSSIP_PORT = 7946

/** What Serf 0.9.4 says of itself. */
const VERSIONS = {
  protocolMin: 1,
  protocolMax: 5,
  protocolCur: 2,
  delegateMin: 2,
  delegateMax: 5,
  delegateCur: 5,
} as const

/** The value of a tag, empty where there is none. A tag may be called as what every object has. */
export function tagOf(tags: Readonly<Record<string, string>>, tag: string): string {
  return Object.hasOwn(tags, tag) ? (tags[tag] ?? '') : ''
}

/** A member with everything that was left out, as the `index`th of a list. Throws a `TypeError` for an address that is none. */
export function completeMember(given: Partial<Member>, index: number): Member {
  const name = given.name ?? `node-${index}`
  const addr = given.addr ?? `10.${(index >> 16) & 0xff}.${(index >> 8) & 0xff}.${index & 0xff}`
  if (name === '') throw new TypeError('the name of a member must not be empty')
  if (addressBytes(addr) === undefined)
    throw new TypeError(`the address of member ${name} is no IP address: ${JSON.stringify(addr)}`)
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
