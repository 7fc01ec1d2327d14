import { type Member, MEMBER_STATUSES } from '../../member'
import { dictionary, integerBetween, knownOptions, nonEmpty, oneOf, shown, text } from '../../arguments'
import { addressBytes } from '../wire/address'

export const GOSSIP_PORT = 7946

const version = (value: number, what: string) => integerBetween(value, 0, 255, what)

/** How each field of a member is checked. */
const FIELDS: { readonly [K in keyof Member]: (value: Member[K], what: string) => unknown } = {
  name: nonEmpty,
  addr: ipAddress,
  port: (value, what) => integerBetween(value, 0, 65_535, what),
  tags: dictionary,
  status: (value, what) => oneOf(value, MEMBER_STATUSES, what),
  protocolMin: version,
  protocolMax: version,
  protocolCur: version,
  delegateMin: version,
  delegateMax: version,
  delegateCur: version,
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

/**
 * The value of a tag, empty if there is none. A tag may have the name of a property that every object has.
 */
export function tagOf(tags: Readonly<Record<string, string>>, tag: string): string {
  return Object.hasOwn(tags, tag) ? (tags[tag] ?? '') : ''
}

/** `host:port` of a member. */
export function endpointOf({ addr, port }: Pick<Member, 'addr' | 'port'>): string {
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`
}

/** Refuses what is no array of members. */
export function checkedMembers(given: readonly Partial<Member>[], what: string): Partial<Member>[] {
  if (!Array.isArray(given)) throw new TypeError(`${what} must be an array, not ${shown(given)}`)
  return given.map(checkedMember)
}

/** Refuses a field that no member has, and a value that no member can have. */
export function checkedMember(given: Partial<Member>): Partial<Member> {
  knownOptions(given, FIELDS, 'a member')
  const fields = Object.entries<unknown>(given).filter(([, value]) => value !== undefined)
  for (const [field, value] of fields)
    FIELDS[field as keyof Member](value as never, `the ${field} of a member`)
  return Object.fromEntries(fields)
}

/**
 * Completes a member, as the `index`th of a list.
 * @throws TypeError or RangeError for what no member can have.
 */
export function completeMember(given: Partial<Member>, index: number): Member {
  const checked = checkedMember(given)
  return {
    name: `node-${index}`,
    addr: `10.${(index >> 16) & 0xff}.${(index >> 8) & 0xff}.${index & 0xff}`,
    port: GOSSIP_PORT,
    status: 'alive',
    ...VERSIONS,
    ...checked,
    tags: { ...checked.tags },
  }
}

function ipAddress(value: string, what: string): void {
  if (addressBytes(text(value, what)) === undefined)
    throw new TypeError(`${what} must be an IP address, not ${shown(value)}`)
}
