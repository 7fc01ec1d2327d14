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
  needsOwnConnection,
  queryCall,
  rawCall,
  respondCall,
  streamCall,
  tagsCall,
} from '../../lib/protocol/calls'
import { anywherePattern } from '../../lib/protocol/patterns'
import type { WireValue } from '../../lib/protocol/writer'

/** What goes over the wire: what is undefined does not. */
const sent = (body: WireValue | undefined): unknown =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    : body

describe('a call puts into Serf words', () => {
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
    [
      queryCall('uptime'),
      'query',
      {
        Name: 'uptime',
        Payload: null,
        FilterNodes: [],
        FilterTags: {},
        RequestAck: false,
        RelayFactor: 0,
        Timeout: 0n,
      },
    ],
    [
      queryCall('uptime', 'x', {
        filterNodes: ['a'],
        filterTags: { role: 'web' },
        requestAck: true,
        relayFactor: 255,
        timeout: 15_000,
      }),
      'query',
      {
        Name: 'uptime',
        Payload: Buffer.from('x'),
        FilterNodes: ['a'],
        FilterTags: { role: 'web' },
        RequestAck: true,
        RelayFactor: 255,
        Timeout: 15_000_000_000n,
      },
    ],
    [rawCall('query'), 'query', {}],
    [rawCall('get-coordinate', { Node: 'a' }), 'get-coordinate', { Node: 'a' }],
    [rawCall('members'), 'members', undefined],
    [rawCall('members', undefined), 'members', undefined],
    [rawCall('no-such', [1]), 'no-such', [1]],
    [rawCall('no-such'), 'no-such', undefined],
  ])('%#', (call, command, body) => {
    expect(call.command).toBe(command)
    expect(Array.isArray(call.body) ? call.body : sent(call.body)).toEqual(body)
  })

  it('a timeout as a whole number of nanoseconds', () => {
    expect(queryCall('q', undefined, { timeout: 1.0000005 }).body).toMatchObject({ Timeout: 1_000_001n })
    expect(queryCall('q', undefined, { timeout: 2 ** 31 - 1 }).body).toMatchObject({
      Timeout: (2n ** 31n - 1n) * 1_000_000n,
    })
  })

  it('the patterns of a query so that members-filtered selects the same', () => {
    const { body } = filteredCall({ role: 'e' }, 'alive', '', anywherePattern)
    expect(sent(body)).toMatchObject({ Tags: { role: '(?s:.*)(?:e)(?s:.*)' } })
  })
})

describe('a call knows when it is over', () => {
  it.each([
    [queryCall('q'), 15_000],
    [queryCall('q', undefined, { timeout: 1 }), 1001],
    [queryCall('q', undefined, { timeout: 60_000 }), 61_000],
    [rawCall('query', { Name: 'q', Timeout: 2_000_000_000 }), 3000],
    [rawCall('query', { Name: 'q' }), 15_000],
    [streamCall('*'), undefined],
    [rawCall('stream'), undefined],
    [membersCall(), undefined],
  ])('%#', (call, endsAfter) => {
    expect(call.endsAfter).toBe(endsAfter)
  })

  it('never beyond what a timer can hold', () => {
    for (const call of [
      queryCall('q', undefined, { timeout: 2 ** 31 - 1 }),
      rawCall('query', { Timeout: 2n ** 63n }),
    ]) {
      expect(call.endsAfter).toBeLessThan(2 ** 31)
      expect(call.endsAfter).toBeGreaterThan(2 ** 31 - 2000)
    }
  })
})

describe('a call refuses what would break the connection, or cannot be meant', () => {
  const given = (value: unknown) => value as never
  it.each<[string, () => unknown, string]>([
    ['an event without a name', () => eventCall(''), 'the name of an event'],
    ['a payload that is a number', () => eventCall('a', given(5)), 'a payload'],
    ['a flag that is text', () => eventCall('a', '', { coalesce: given('false') }), 'coalesce'],
    ['another', () => forceLeaveCall('a', { prune: given(1) }), 'prune'],
    ['another', () => joinCall('a', { replay: given('yes') }), 'replay'],
    ['another', () => queryCall('a', '', { requestAck: given('yes') }), 'requestAck'],
    ['a node without a name', () => forceLeaveCall(''), 'the name of a node'],
    ['an empty address', () => joinCall(''), 'the addresses'],
    ['the coordinate of no node', () => getCoordinateCall(''), 'the name of a node'],
    ['a tag without a name', () => tagsCall({}, ['']), 'an entry of'],
    [
      'a node without a name among others',
      () => queryCall('a', '', { filterNodes: ['', 'a'] }),
      'filterNodes',
    ],
    ['an empty key', () => keyCall('use-key', ''), 'a key'],
    ['a level that is none', () => monitorCall(given('')), 'the level of a monitor'],
    ['tags that are numbers', () => tagsCall({ a: given(1) }), 'the tags to set.a'],
    ['a filter that is a pattern', () => membersFilteredCall({ name: given(/a/) }), 'the name of a filter'],
    ['tags that are none', () => membersFilteredCall({ tags: given('') }), 'the tags of a filter'],
    ['others', () => membersFilteredCall({ tags: given(null) }), 'the tags of a filter'],
    ['a query without a name', () => queryCall(''), 'the name of a query'],
    ['a filter that is one name', () => queryCall('a', '', { filterNodes: given('node') }), 'filterNodes'],
    ['a body where none belongs', () => rawCall('members', {}), 'members takes no body'],
    ['another', () => rawCall('leave', null), 'leave takes no body'],
    [
      'an option of event',
      () => eventCall('a', '', given({ coalese: true })),
      'there is no "coalese"; there is coalesce',
    ],
    ['an option of forceLeave', () => forceLeaveCall('a', given({ prun: 1 })), 'there is no "prun"'],
    ['an option of join', () => joinCall('a', given({ reply: 1 })), 'there is no "reply"; there is replay'],
    [
      'an option of query',
      () => queryCall('a', '', given({ timout: 1 })),
      'there is no "timout"; there is filterNodes',
    ],
    [
      'a filter by role',
      () => membersFilteredCall(given({ role: 'web' })),
      'there is no "role"; there is tags, status',
    ],
    ['no filter', () => membersFilteredCall(given(undefined)), 'must be an object, not undefined'],
    ['a timeout that is text', () => queryCall('a', '', { timeout: given('1000') }), 'not "1000"'],
    ['an id that is text', () => respondCall(given('1')), 'not "1"'],
    ['a command without a name', () => rawCall(''), 'a command'],
    ['a date', () => rawCall('event', { Name: new Date() }), 'the body.Name'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })

  it.each([0, 0.5, -1, NaN, Infinity, 2 ** 31, 2 ** 63])('a timeout of %s', (timeout) => {
    expect(() => queryCall('q', undefined, { timeout: given(timeout) })).toThrow(RangeError)
  })

  it.each([-1, 256, 0.5, NaN])('a relay factor of %s', (relayFactor) => {
    expect(() => queryCall('q', undefined, { relayFactor })).toThrow(RangeError)
  })

  it.each([-1, 0.5, 2 ** 53, -1n, 2n ** 64n])('an id of %s', (id) => {
    expect(() => respondCall(given(id))).toThrow(RangeError)
  })
})

describe('members-filtered is risky', () => {
  it('where the pattern may be none', () => {
    for (const filter of [{ name: '(' }, { status: '[' }, { tags: { role: '*' } }]) {
      expect(membersFilteredCall(filter).risky()).toBe(true)
    }
    expect(rawCall('members-filtered', { Name: '(' }).risky()).toBe(true)
  })

  it('and else is not', () => {
    expect(membersFilteredCall({ name: 'a|b', status: 'alive', tags: { role: 'web' } }).risky()).toBe(false)
    expect(membersCall().risky()).toBe(false)
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
