import { needsOwnConnection } from '../../lib/protocol/call'
import {
  authCall,
  eventCall,
  filteredCall,
  forceLeaveCall,
  getCoordinateCall,
  handshakeCall,
  joinCall,
  keyCall,
  leaveCall,
  membersCall,
  membersFilteredCall,
  monitorCall,
  respondCall,
  streamCall,
  tagsCall,
} from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { anywherePattern } from '../../lib/protocol/patterns'
import type { WireValue } from '../../lib/protocol/writer'

/** The body without its `undefined` entries, which are not sent. */
const sent = (body: WireValue | undefined): unknown =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    : body

describe('a call has the body that Serf expects', () => {
  it.each([
    [handshakeCall(), 'handshake', { Version: 1 }],
    [authCall('secret'), 'auth', { AuthKey: 'secret' }],
    [eventCall('deploy'), 'event', { Name: 'deploy', Payload: null, Coalesce: true }],
    [
      eventCall('deploy', 'v1', { coalesce: false }),
      'event',
      { Name: 'deploy', Payload: Buffer.from('v1'), Coalesce: false },
    ],
    [
      eventCall('deploy', 'v1', { coalesce: undefined }),
      'event',
      { Name: 'deploy', Payload: Buffer.from('v1'), Coalesce: true },
    ],
    [forceLeaveCall('b'), 'force-leave', { Node: 'b', Prune: false }],
    [forceLeaveCall('b', { prune: true }), 'force-leave', { Node: 'b', Prune: true }],
    [joinCall('10.0.0.1:7946'), 'join', { Existing: ['10.0.0.1:7946'], Replay: false }],
    [joinCall(['a', 'b'], { replay: true }), 'join', { Existing: ['a', 'b'], Replay: true }],
    [joinCall([]), 'join', { Existing: [], Replay: false }],
    [membersCall(), 'members', undefined],
    [membersFilteredCall({}), 'members-filtered', {}],
    [membersFilteredCall({ tags: {} }), 'members-filtered', {}],
    [membersFilteredCall({ name: undefined, status: undefined, tags: undefined }), 'members-filtered', {}],
    [
      membersFilteredCall({ name: 'p|2', status: 'alive', tags: { role: 'web|db', dc: '' } }),
      'members-filtered',
      { Name: '(?:p|2)', Status: 'alive', Tags: { role: '(?:web|db)', dc: '' } },
    ],
    [tagsCall({ a: '1' }, ['b']), 'tags', { Tags: { a: '1' }, DeleteTags: ['b'] }],
    [tagsCall({}), 'tags', { Tags: {}, DeleteTags: [] }],
    [leaveCall(), 'leave', undefined],
    [keyCall('install-key', 'k'), 'install-key', { Key: 'k' }],
    [getCoordinateCall('a'), 'get-coordinate', { Node: 'a' }],
    [streamCall(['user:a', 'query']), 'stream', { Type: 'user:a,query' }],
    [monitorCall('warn'), 'monitor', { LogLevel: 'warn' }],
    [respondCall(7, 'yes'), 'respond', { ID: 7, Payload: Buffer.from('yes') }],
    [respondCall(2n ** 60n), 'respond', { ID: 2n ** 60n, Payload: null }],
  ])('%#', (call, command, body) => {
    expect(call.command).toBe(command)
    expect(sent(call.body)).toEqual(body)
  })

  it('the patterns of a query so that members-filtered selects the same', () => {
    const { body } = filteredCall({ role: 'e' }, 'alive', '', anywherePattern)
    expect(sent(body)).toMatchObject({ Tags: { role: '(?s:.*)(?:e)(?s:.*)' } })
  })
})

describe('a call refuses at once', () => {
  const given = (value: unknown) => value as never
  it.each<[string, () => unknown, string]>([
    ['an event without a name', () => eventCall(''), 'the name of an event'],
    ['a payload that is a number', () => eventCall('a', given(5)), 'a payload'],
    ['a flag that is text', () => eventCall('a', '', { coalesce: given('false') }), 'coalesce'],
    ['another', () => forceLeaveCall('a', { prune: given(1) }), 'prune'],
    ['another', () => joinCall('a', { replay: given('yes') }), 'replay'],
    ['a node without a name', () => forceLeaveCall(''), 'the name of a node'],
    ['an empty address', () => joinCall(''), 'the addresses'],
    ['the coordinate of no node', () => getCoordinateCall(''), 'the name of a node'],
    ['a tag without a name', () => tagsCall({}, ['']), 'an entry of'],
    ['an empty key', () => keyCall('use-key', ''), 'a key'],
    ['a level that is none', () => monitorCall(given('')), 'the level of a monitor'],
    ['tags that are numbers', () => tagsCall({ a: given(1) }), 'the tags to set.a'],
    ['a filter that is a pattern', () => membersFilteredCall({ name: given(/a/) }), 'the name of a filter'],
    ['tags that are none', () => membersFilteredCall({ tags: given('') }), 'the tags of a filter'],
    ['others', () => membersFilteredCall({ tags: given(null) }), 'the tags of a filter'],
    ['a name that is null', () => membersFilteredCall({ name: given(null) }), 'the name of a filter'],
    ['a status that is null', () => membersFilteredCall({ status: given(null) }), 'the status of a filter'],
    [
      'an option of event',
      () => eventCall('a', '', given({ coalese: true })),
      'there is no "coalese"; valid: coalesce',
    ],
    ['an option of forceLeave', () => forceLeaveCall('a', given({ prun: 1 })), 'there is no "prun"'],
    ['an option of join', () => joinCall('a', given({ reply: 1 })), 'there is no "reply"; valid: replay'],
    [
      'a filter by role',
      () => membersFilteredCall(given({ role: 'web' })),
      'there is no "role"; valid: tags, status',
    ],
    ['no filter', () => membersFilteredCall(given(undefined)), 'must be an object, not undefined'],
    ['an id that is text', () => respondCall(given('1')), 'not "1"'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })

  it.each([-1, 0.5, 2 ** 53, -1n, 2n ** 64n])('an id of %s', (id) => {
    expect(() => respondCall(given(id))).toThrow(RangeError)
  })
})

describe('members-filtered is risky', () => {
  it('where the pattern may be none', () => {
    for (const filter of [{ name: '(' }, { status: '[' }, { tags: { role: '*' } }]) {
      expect(membersFilteredCall(filter).risky).toBe(true)
    }
  })

  it('and else is not', () => {
    expect(membersFilteredCall({ name: 'a|b', status: 'alive', tags: { role: 'web' } }).risky).toBe(false)
    expect(membersCall().risky).toBe(false)
  })
})

it('a call travels alone where its command does, or where its pattern may be bad', () => {
  const alone = [
    joinCall('a'),
    monitorCall('warn'),
    forceLeaveCall('a'),
    membersFilteredCall({ name: 'a.*' }),
  ]
  expect(alone.map(needsOwnConnection)).toEqual([true, true, true, true])
  const shared = [getCoordinateCall('a'), membersFilteredCall({ name: 'a' }), queryCall('q')]
  expect(shared.map(needsOwnConnection)).toEqual([false, false, false])
})
