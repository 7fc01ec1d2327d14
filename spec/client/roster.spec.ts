import { Roster } from '../../lib/client/roster'
import { memberOf } from '../support/agents/member-of'

describe('roster', () => {
  it('takes a list as all that there are', () => {
    const roster = new Roster()
    expect(roster.replace([memberOf('a'), memberOf('b')])).toBe(true)
    expect(roster.replace([memberOf('b')])).toBe(true)
    expect([...roster.snapshot().keys()]).toEqual(['b'])
  })

  it('says when a list tells nothing new, and keeps the members it has', () => {
    const roster = new Roster()
    roster.replace([memberOf('a', { tags: { x: '1', y: '2' } }), memberOf('b')])
    const before = roster.snapshot()
    expect(roster.replace([memberOf('b'), memberOf('a', { tags: { y: '2', x: '1' } })])).toBe(false)
    expect(roster.snapshot().get('a')).toBe(before.get('a'))
  })

  it.each([
    ['status', { status: 'failed' }],
    ['a tag', { tags: { role: 'web' } }],
    ['the address', { addr: '10.0.0.9' }],
    ['the port', { port: 1 }],
    ['a protocol version', { protocolCur: 4 }],
    ['a delegate version', { delegateMax: 9 }],
  ] as const)('notices a change of %s', (_, change) => {
    const roster = new Roster()
    roster.replace([memberOf('a')])
    expect(roster.replace([memberOf('a', change)])).toBe(true)
    expect(roster.apply({ type: 'member-update', members: [memberOf('a', change)] })).toBe(false)
    expect(roster.apply({ type: 'member-update', members: [memberOf('a')] })).toBe(true)
  })

  it('follows events, and forgets who was reaped', () => {
    const roster = new Roster()
    expect(roster.apply({ type: 'member-join', members: [memberOf('a'), memberOf('b')] })).toBe(true)
    expect(roster.apply({ type: 'member-join', members: [memberOf('b')] })).toBe(false)
    expect(roster.apply({ type: 'member-reap', members: [memberOf('a', { status: 'failed' })] })).toBe(true)
    expect(roster.apply({ type: 'member-reap', members: [memberOf('a')] })).toBe(false)
    expect([...roster.snapshot().keys()]).toEqual(['b'])
  })

  it('never changes what it has handed out', () => {
    const roster = new Roster()
    roster.replace([memberOf('a')])
    const before = roster.snapshot()
    roster.apply({ type: 'member-join', members: [memberOf('b')] })
    roster.apply({ type: 'member-failed', members: [memberOf('a', { status: 'failed' })] })
    expect([...before.values()]).toEqual([memberOf('a')])
  })
})
