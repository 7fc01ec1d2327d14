import { Connection, type EventFilter, type LogLevel, type Payload } from '../../lib'

const connection = new Connection({
  host: 'h',
  authKey: '',
  socket: () => {
    throw new Error('nothing is to be dialled')
  },
})
const text = (value: unknown) => value as string

const misuse: [string, () => unknown, typeof TypeError | typeof RangeError][] = [
  ['an event without a name', () => connection.event(''), TypeError],
  ['a name that is none', () => connection.event(text(5)), TypeError],
  [
    'a payload that is neither text nor bytes',
    () => connection.event('e', 5 as unknown as Payload),
    TypeError,
  ],
  ['to force nobody out', () => connection.forceLeave(''), TypeError],
  ['to join nothing', () => connection.join(''), TypeError],
  ['to join nothing, among others', () => connection.join(['a:1', '']), TypeError],
  ['to join a hole', () => connection.join(['a:1', , 'b:1'] as string[]), TypeError],
  ['to join a number', () => connection.join(text(5)), TypeError],
  ['a pattern that is none', () => connection.membersFiltered({ name: text(5) }), TypeError],
  ['a tag that is none', () => connection.membersFiltered({ tags: { a: text(5) } }), TypeError],
  ['tags that are a list', () => connection.tags(['a'] as unknown as Record<string, string>), TypeError],
  ['tags that are numbers', () => connection.tags({ a: text(5) }), TypeError],
  ['to remove a tag without a name', () => connection.tags({}, ['']), TypeError],
  ['to install an empty key', () => connection.installKey(''), TypeError],
  ['to use an empty key', () => connection.useKey(''), TypeError],
  ['to remove an empty key', () => connection.removeKey(''), TypeError],
  ['the coordinate of nobody', () => connection.getCoordinate(''), TypeError],
  ['an empty filter', () => connection.stream(text('') as EventFilter), TypeError],
  ['no filters', () => connection.stream([]), TypeError],
  ['a filter with a comma', () => connection.stream('user:a,query:b'), TypeError],
  ['an empty level', () => connection.monitor(text('') as LogLevel), TypeError],
  ['a query without a name', () => connection.query(''), TypeError],
  ['a timeout below 1 ms', () => connection.query('q', '', { timeout: 0.5 }), RangeError],
  ['a timeout of 0', () => connection.query('q', '', { timeout: 0 }), RangeError],
  ['a negative timeout', () => connection.query('q', '', { timeout: -1 }), RangeError],
  ['a timeout that is no number', () => connection.query('q', '', { timeout: NaN }), RangeError],
  ['a timeout that no timer holds', () => connection.query('q', '', { timeout: 2 ** 31 }), RangeError],
  ['a relay factor of 256', () => connection.query('q', '', { relayFactor: 256 }), RangeError],
  ['a relay factor of 1.5', () => connection.query('q', '', { relayFactor: 1.5 }), RangeError],
  ['a negative relay factor', () => connection.query('q', '', { relayFactor: -1 }), RangeError],
  [
    'nodes that are a string',
    () => connection.query('q', '', { filterNodes: text('a') as never }),
    TypeError,
  ],
  [
    'an empty node, although others follow',
    () => connection.query('q', '', { filterNodes: ['', 'a'] }),
    TypeError,
  ],
  [
    'a query of nobody with a bad option',
    () => connection.query('q', '', { filterNodes: [], timeout: -1 }),
    RangeError,
  ],
  ['the id -1', () => connection.respond(-1), RangeError],
  ['the id 1.5', () => connection.respond(1.5), RangeError],
  ['the id -1n', () => connection.respond(-1n), RangeError],
  ['the id 2^64', () => connection.respond(2n ** 64n), RangeError],
  ['an id beyond 2^53 that is no bigint', () => connection.respond(2 ** 53), RangeError],
  ['a key that is none', () => connection.auth(text(5)), TypeError],
  ['a raw command without a name', () => connection.request(''), TypeError],
  ['a raw Date', () => connection.request('x', { at: new Date() }), TypeError],
  ['a raw Map', () => connection.request('x', new Map()), TypeError],
  ['a raw function', () => connection.request('x', { f: () => 1 }), TypeError],
  ['a raw symbol', () => connection.request('x', [Symbol('s')]), TypeError],
  ['a raw fraction', () => connection.request('x', { a: [0.5] }), RangeError],
  ['a raw NaN', () => connection.request('x', NaN), RangeError],
  ['a raw number beyond 2^53', () => connection.request('x', 2 ** 53), RangeError],
  ['a raw bigint beyond 64 bits', () => connection.request('x', 2n ** 64n), RangeError],
  ['a raw hole', () => connection.request('x', [1, , 2]), TypeError],
  ['a raw undefined in a list', () => connection.request('x', [undefined]), TypeError],
  ['a body for a command that takes none', () => connection.request('members', {}), TypeError],
]

test.each(misuse)('%s is refused at the call', (_name, call, kind) => {
  expect(call).toThrow(kind)
})

test('the place of what cannot be carried is named', () => {
  expect(() => connection.request('x', { A: [{ B: new Date() }] })).toThrow('the body.A[0].B is a Date')
  expect(() => connection.request('x', { A: [{ B: 0.5 }] })).toThrow('the body.A[0].B is 0.5')
})

test('no message shows a key', () => {
  expect(() => connection.auth(['sesame'] as unknown as string)).toThrow(/^(?!.*sesame)/)
})

test('what is right is not refused', () => {
  const right = [
    connection.event(' ', ''),
    connection.join([]),
    connection.tags({}, []),
    connection.query('q', '', { timeout: 1, relayFactor: 255 }),
    connection.query('q', '', { timeout: 2 ** 31 - 1, relayFactor: 0 }),
    connection.respond(0),
    connection.respond(2n ** 64n - 1n),
    connection.request('x', { a: null, b: undefined, c: [-1, 2n ** 63n], d: Buffer.alloc(1) }),
    connection.request('members'),
  ]
  expect(right).toHaveLength(9)
  expect(connection.closed).toBe(false)
})
