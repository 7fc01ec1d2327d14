import { haproxyConfig } from '../../examples/load-balancer/haproxy-config'
import { refusedOf, serversOf } from '../../examples/load-balancer/servers'
import type { Member } from 'serfx'
import { memberOf } from '../support/agents/member-of'

const web = (name: string, changes: Partial<Member> = {}) =>
  memberOf(name, { addr: '10.0.0.1', tags: { role: 'web' }, ...changes })
const listed = (...members: Member[]) => new Map(members.map((member) => [member.name, member]))

describe('the servers of load-balancer.ts', () => {
  it('are the members by name, at the port that they say', () => {
    const members = listed(web('b', { addr: '::1', tags: { role: 'web', port: '8080' } }), web('a'))
    expect(serversOf(members, 80)).toEqual([
      { name: 'a', address: '10.0.0.1', port: 80 },
      { name: 'b', address: '::1', port: 8080 },
    ])
    expect(haproxyConfig(':80', serversOf(members, 80))).toContain(
      '  server a 10.0.0.1:80 check\n  server b [::1]:8080 check\n',
    )
    expect(refusedOf(members, 80)).toEqual([])
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
  ])('are never one with %s', (_what, member) => {
    expect(serversOf(listed(member), 80)).toEqual([])
    expect(refusedOf(listed(member), 80)).toEqual([member.name])
  })
})
