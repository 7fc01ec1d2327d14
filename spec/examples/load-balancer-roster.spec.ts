import { haproxyConfig } from '../../examples/load-balancer/haproxy-config'
import {
  nextRoster,
  refusedOf,
  type Roster,
  type RosterOptions,
  serversOf,
} from '../../examples/load-balancer/roster'
import type { Member } from 'serfx'
import { memberOf } from '../support/agents/member-of'

const options: RosterOptions = { tag: { name: 'role', value: 'web' }, port: 80, grace: 1_000 }
const web = (name: string, changes: Partial<Member> = {}) =>
  memberOf(name, { addr: '10.0.0.1', tags: { role: 'web' }, ...changes })
const listed = (...members: Member[]) => new Map(members.map((member) => [member.name, member]))
const look = (known: Roster, now: number, ...members: Member[]) =>
  nextRoster(known, listed(...members), now, options)
const names = (roster: Roster) => serversOf(roster).map(({ name }) => name)

describe('the roster of load-balancer.ts', () => {
  it('has the alive members with the tag, at the port that they say', () => {
    const roster = look(
      new Map(),
      0,
      web('b', { addr: '::1', tags: { role: 'web', port: '8080' } }),
      web('a'),
      web('gone', { status: 'failed' }),
      web('other', { tags: { role: 'webmail' } }),
    )
    expect(serversOf(roster)).toEqual([
      { name: 'a', address: '10.0.0.1', port: 80 },
      { name: 'b', address: '::1', port: 8080 },
    ])
    expect(haproxyConfig(':80', serversOf(roster))).toContain(
      '  server a 10.0.0.1:80 check\n  server b [::1]:8080 check\n',
    )
  })

  it('loses who has left, failed, or changed its tag, at once', () => {
    const known = look(new Map(), 0, web('a'), web('b'), web('c'), web('d'))
    const later = look(
      known,
      1,
      web('a', { status: 'left' }),
      web('b', { status: 'failed' }),
      web('c', { tags: {} }),
      web('d'),
    )
    expect(names(later)).toEqual(['d'])
  })

  it('keeps who is not listed at all for a time of grace, which begins when it is first missed', () => {
    let roster = look(new Map(), 0, web('a'), web('b'), web('c'))
    roster = look(roster, 5_000, web('a'))
    roster = look(roster, 5_500, web('a'), web('b'))
    roster = look(roster, 5_999, web('a'))
    expect(names(roster)).toEqual(['a', 'b', 'c'])
    roster = look(roster, 6_000, web('a'))
    expect(names(roster)).toEqual(['a', 'b'])
    expect(names(look(roster, 6_999, web('a')))).toEqual(['a'])
  })

  it.each([
    ['a name that ends the line', web('a\n  server evil 10.6.6.6:80')],
    ['a name with a blank', web('a b')],
    ['no name', web('')],
    ['an address that is none', web('a', { addr: '10.0.0.1:80 check' })],
    ['an address of one interface', web('a', { addr: 'fe80::1%eth0' })],
    ['a port that is none', web('a', { tags: { role: 'web', port: '80 backup' } })],
    ['a port beyond 65535', web('a', { tags: { role: 'web', port: '65536' } })],
    ['port 0', web('a', { tags: { role: 'web', port: '0' } })],
  ])('refuses %s', (_what, member) => {
    expect(names(look(new Map(), 0, member))).toEqual([])
    expect(refusedOf(listed(member), options)).toEqual([member.name])
  })
})
