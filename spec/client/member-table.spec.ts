import { MemberTable } from '../../lib/client/member-table'
import { memberOf } from '../support/agents/member-of'

describe('member table', () => {
  it('replaces all members with those of a list', () => {
    const table = new MemberTable()
    expect(table.replace([memberOf('a'), memberOf('b')])).toBe(true)
    expect(table.replace([memberOf('b')])).toBe(true)
    expect([...table.snapshot().keys()]).toEqual(['b'])
  })

  it('reports whether a list changes something, and keeps the objects of unchanged members', () => {
    const table = new MemberTable()
    table.replace([memberOf('a', { tags: { x: '1', y: '2' } }), memberOf('b')])
    const before = table.snapshot()
    expect(table.replace([memberOf('b'), memberOf('a', { tags: { y: '2', x: '1' } })])).toBe(false)
    expect(table.snapshot().get('a')).toBe(before.get('a'))
  })

  it.each([
    ['status', { status: 'failed' }],
    ['a tag', { tags: { role: 'web' } }],
    ['the address', { addr: '10.0.0.9' }],
    ['the port', { port: 1 }],
    ['a protocol version', { protocolCur: 4 }],
    ['a delegate version', { delegateMax: 9 }],
  ] as const)('notices a change of %s', (_, change) => {
    const table = new MemberTable()
    table.replace([memberOf('a')])
    expect(table.replace([memberOf('a', change)])).toBe(true)
    expect(table.apply({ type: 'member-update', members: [memberOf('a', change)] })).toBe(false)
    expect(table.apply({ type: 'member-update', members: [memberOf('a')] })).toBe(true)
  })

  it('applies events, and removes reaped members', () => {
    const table = new MemberTable()
    expect(table.apply({ type: 'member-join', members: [memberOf('a'), memberOf('b')] })).toBe(true)
    expect(table.apply({ type: 'member-join', members: [memberOf('b')] })).toBe(false)
    expect(table.apply({ type: 'member-reap', members: [memberOf('a', { status: 'failed' })] })).toBe(true)
    expect(table.apply({ type: 'member-reap', members: [memberOf('a')] })).toBe(false)
    expect([...table.snapshot().keys()]).toEqual(['b'])
  })

  it('never changes a snapshot', () => {
    const table = new MemberTable()
    table.replace([memberOf('a')])
    const before = table.snapshot()
    table.apply({ type: 'member-join', members: [memberOf('b')] })
    table.apply({ type: 'member-failed', members: [memberOf('a', { status: 'failed' })] })
    expect([...before.values()]).toEqual([memberOf('a')])
  })
})
