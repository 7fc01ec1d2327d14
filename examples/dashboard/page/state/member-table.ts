import type { MemberStatus, ShownMember } from '../../messages'
import { STATUSES } from '../parts/status'

export type Column = 'name' | 'addr' | 'status' | 'roundTrip'

export interface Sorting {
  column: Column
  descending: boolean
}

export interface Filtering {
  /** Words: `key=value` selects by tag, any other by name or address. */
  text: string
  status: MemberStatus | undefined
}

/** The members that the filter selects, in the order of the sorting, then by name. */
export function tableOf(
  members: ReadonlyMap<string, ShownMember>,
  roundTrips: ReadonlyMap<string, number>,
  { column, descending }: Sorting,
  filtering: Filtering,
): ShownMember[] {
  const sign = descending ? -1 : 1
  const rank = ranks(column, roundTrips)
  return [...members.values()]
    .filter(selects(filtering))
    .map((member) => ({ member, rank: rank(member) }))
    .sort((a, b) => sign * compare(a.rank, b.rank) || compare(a.member.name, b.member.name))
    .map(({ member }) => member)
}

export function countByStatus(members: ReadonlyMap<string, ShownMember>): Record<MemberStatus, number> {
  const counts = { none: 0, alive: 0, leaving: 0, left: 0, failed: 0 }
  for (const { status } of members.values()) counts[status]++
  return counts
}

function ranks(
  column: Column,
  roundTrips: ReadonlyMap<string, number>,
): (member: ShownMember) => string | number {
  switch (column) {
    case 'status':
      return ({ status }) => STATUSES.indexOf(status)
    case 'roundTrip':
      return ({ name }) => roundTrips.get(name) ?? Infinity
    case 'addr':
      return ({ addr, port }) => addressKey(addr, port)
    case 'name':
      return ({ name }) => name
  }
}

/** Numbers of an address in the order of their values. */
const addressKey = (addr: string, port: number): string =>
  `${addr}:${port}`.replace(/\d+/g, (digits) => digits.padStart(5, '0'))

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function selects({ text, status }: Filtering): (member: ShownMember) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return (member) =>
    (status === undefined || member.status === status) && words.every((word) => matches(member, word))
}

function matches({ name, addr, port, tags }: ShownMember, word: string): boolean {
  const [, tag, value] = /^([^=]+)=(.*)$/.exec(word) ?? []
  if (tag !== undefined && value !== undefined) {
    return Object.entries(tags).some(
      ([key, content]) => key.toLowerCase() === tag && content.toLowerCase().includes(value),
    )
  }
  return name.toLowerCase().includes(word) || `${addr}:${port}`.includes(word)
}
