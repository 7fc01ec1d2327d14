import { type Encoded, int64, type Packable } from './pack'

/** Requests to a real agent whose replies are captured. Each scene has its own connection. */
export interface Scene {
  name: string
  about: string
  /** The agent that gets the requests, one of `AGENTS`. */
  agent: AgentKind
  /**
   * False sends the requests first on the connection. By default a handshake and, with a key, auth come
   * before.
   */
  greeted?: false
  requests: readonly (readonly [command: string, seq: number | bigint | Encoded, body?: Packable])[]
  /** How many MessagePack objects come back. */
  objects: number
  /** Whether the agent closes the connection afterwards. */
  closes?: true
  /** More requests, sent once `objects` objects have come, and how many objects then follow. */
  later?: { requests: Scene['requests']; objects: number }
  /** The payload with which another connection answers the query of this scene. */
  answer?: string
}

export const AGENTS = {
  plain: { name: 'node-a', tags: { role: 'web' } },
  keyed: { name: 'node-k', tags: {}, authKey: 'open sesame' },
  encrypted: { name: 'node-e', tags: {}, encryptKey: 'MDEyMzQ1Njc4OWFiY2RlZg==' },
} as const

export type AgentKind = keyof typeof AGENTS

const PRIMARY = AGENTS.encrypted.encryptKey
const OTHER = 'ZmVkY2JhOTg3NjU0MzIxMA=='
const handshake = ['handshake', 1, { Version: 1 }] as const
const second = int64(1_000_000_000n)
const halfASecond = int64(500_000_000n)

export const SCENES: readonly Scene[] = [
  scene('handshake', 'the first thing said', 'plain', [handshake], 1, { greeted: false }),
  scene(
    'handshake-twice',
    'a second handshake is an error, the connection stays',
    'plain',
    [handshake, ['handshake', 2, { Version: 1 }]],
    2,
    { greeted: false },
  ),
  scene(
    'handshake-version-2',
    'a version that there is not, then the one there is',
    'plain',
    [
      ['handshake', 1, { Version: 2 }],
      ['handshake', 2, { Version: 1 }],
    ],
    2,
    { greeted: false },
  ),
  scene('handshake-required', 'a command before it; the agent hangs up', 'plain', [['members', 1]], 1, {
    greeted: false,
    closes: true,
  }),
  scene(
    'auth',
    'a wrong key, then the right one',
    'keyed',
    [handshake, ['auth', 2, { AuthKey: 'wrong' }], ['auth', 3, { AuthKey: AGENTS.keyed.authKey }]],
    3,
    { greeted: false },
  ),
  scene('auth-not-set', 'a key for an agent that has none', 'plain', [['auth', 2, { AuthKey: 'any' }]], 1),
  scene('auth-required', 'a command without a body before auth', 'keyed', [handshake, ['members', 2]], 2, {
    greeted: false,
  }),
  scene(
    'auth-required-with-body',
    'a command with a body before auth: the body is taken for a header, so two errors',
    'keyed',
    [handshake, ['event', 2, { Name: 'deploy', Payload: null, Coalesce: false }]],
    3,
    { greeted: false },
  ),
  scene('unsupported-command', 'the agent says so and hangs up', 'plain', [['nonsense', 2]], 1, {
    closes: true,
  }),
  scene('event', 'a user event', 'plain', [event(2, 'quiet', 'x')], 1),
  scene('event-too-large', '', 'plain', [event(2, 'big', 'x'.repeat(510))], 1),
  scene('event-too-large-encoded', '', 'plain', [event(2, 'big', 'x'.repeat(508))], 1),
  scene('force-leave-unknown', 'no such member: success', 'plain', [['force-leave', 2, { Node: 'x' }]], 1),
  scene('join-nobody', 'an empty list', 'plain', [['join', 2, { Existing: [], Replay: false }]], 2),
  scene(
    'join-failed',
    'nobody listens there: an error with a body',
    'plain',
    [['join', 2, { Existing: ['127.0.0.1:1'], Replay: false }]],
    2,
  ),
  scene(
    'join-failed-two',
    'two addresses: the text counts them',
    'plain',
    [['join', 2, { Existing: ['127.0.0.1:1', '127.0.0.1:2'], Replay: false }]],
    2,
  ),
  scene('members', 'one member', 'plain', [['members', 2]], 2),
  scene(
    'members-no-tags',
    'one member without tags, on an agent with a key',
    'keyed',
    [handshake, ['auth', 2, { AuthKey: AGENTS.keyed.authKey }], ['members', 3]],
    4,
    { greeted: false },
  ),
  scene(
    'members-with-body',
    'a body where none belongs: the command runs twice',
    'plain',
    [['members', 2, {}]],
    4,
  ),
  scene(
    'members-filtered',
    'by tag, status and name',
    'plain',
    [['members-filtered', 2, { Tags: { role: 'w.b' }, Status: 'alive', Name: 'node-.' }]],
    2,
  ),
  scene('members-filtered-none', 'no match', 'plain', [['members-filtered', 2, { Name: 'node' }]], 2),
  scene(
    'members-filtered-bad',
    'no regular expression: the agent hangs up without a word',
    'plain',
    [['members-filtered', 2, { Name: '(' }]],
    0,
    { closes: true },
  ),
  scene('stats', '', 'plain', [['stats', 2]], 2),
  scene('get-coordinate', 'of itself', 'plain', [['get-coordinate', 2, { Node: 'node-a' }]], 2),
  scene('get-coordinate-unknown', '', 'plain', [['get-coordinate', 2, { Node: 'nobody' }]], 2),
  scene(
    'monitor-twice',
    'one a connection; nothing was logged at this level yet',
    'encrypted',
    [
      ['monitor', 2, { LogLevel: 'err' }],
      ['monitor', 3, { LogLevel: 'err' }],
    ],
    2,
  ),
  scene('list-keys', 'one key', 'encrypted', [['list-keys', 2]], 2),
  scene('list-keys-failed', 'encryption is off', 'plain', [['list-keys', 2]], 2),
  scene('install-key', '', 'encrypted', [['install-key', 2, { Key: OTHER }]], 2),
  scene('install-key-failed', 'encryption is off', 'plain', [['install-key', 2, { Key: OTHER }]], 2),
  scene('install-key-base64', 'not base64', 'encrypted', [['install-key', 2, { Key: '!' }]], 2),
  scene('install-key-size', 'three bytes', 'encrypted', [['install-key', 2, { Key: 'YWJj' }]], 2),
  scene(
    'use-key-failed',
    'a key that is not installed',
    'encrypted',
    [['use-key', 2, { Key: 'AAAAAAAAAAAAAAAAAAAAAA==' }]],
    2,
  ),
  scene('remove-key-failed', 'the key in use', 'encrypted', [['remove-key', 2, { Key: PRIMARY }]], 2),
  scene('remove-key', '', 'encrypted', [['remove-key', 2, { Key: OTHER }]], 2),
  scene('tags-too-large', '', 'plain', [['tags', 2, { Tags: { a: 'x'.repeat(506) } }]], 1),
  scene(
    'tags',
    'one set that was there',
    'plain',
    [['tags', 2, { Tags: { role: 'web' }, DeleteTags: ['x'] }]],
    1,
  ),
  scene(
    'stream-user',
    'a stream and the user event that it brings',
    'plain',
    [['stream', 2, { Type: 'user:deploy' }], event(3, 'deploy', 'v1.2.3')],
    4,
  ),
  scene(
    'stream-user-empty',
    'a user event without a payload',
    'plain',
    [['stream', 2, { Type: 'user' }], event(3, 'restart', '')],
    4,
  ),
  scene(
    'stream-query',
    'a stream and the query that it brings; nobody answers',
    'plain',
    [
      ['stream', 2, { Type: 'query:size' }],
      ['query', 3, { Name: 'size', Payload: Buffer.from('disk'), RequestAck: false, Timeout: second }],
    ],
    6,
  ),
  scene(
    'stream-member-update',
    'a stream and the change of the own tags that it brings',
    'plain',
    [
      ['stream', 2, { Type: 'member-update' }],
      ['tags', 3, { Tags: { role: 'db' } }],
    ],
    4,
  ),
  scene(
    'tags-again',
    'back to what they were',
    'plain',
    [
      ['stream', 2, { Type: '*' }],
      ['tags', 3, { Tags: { role: 'web' } }],
    ],
    4,
  ),
  scene('stream-invalid-filter', '', 'plain', [['stream', 2, { Type: 'member-*' }]], 1),
  scene(
    'stream-same-seq',
    'a stream where one is',
    'plain',
    [
      ['stream', 2, { Type: 'user' }],
      ['stream', 2, { Type: 'user' }],
    ],
    2,
  ),
  scene('monitor', 'a line of the log', 'plain', [['monitor', 2, { LogLevel: 'info' }]], 3),
  scene('monitor-unknown-level', '', 'plain', [['monitor', 2, { LogLevel: 'loud' }]], 1),
  scene('stop-unknown', 'no such stream: success', 'plain', [['stop', 2, { Stop: 77 }]], 1),
  scene(
    'query-answered',
    'an ack, a response from another connection, and the end',
    'plain',
    [['query', 2, { Name: 'uptime', RequestAck: true, Timeout: second }]],
    7,
    { answer: '3 days' },
  ),
  scene(
    'query-answered-empty',
    'an empty response',
    'plain',
    [['query', 2, { Name: 'uptime', Timeout: second }]],
    5,
    { answer: '' },
  ),
  scene(
    'query-unanswered',
    'nobody answers',
    'plain',
    [['query', 2, { Name: 'x', Timeout: halfASecond }]],
    3,
  ),
  scene(
    'query-bad-filter',
    'a tag filter that is no regular expression selects nobody',
    'plain',
    [['query', 2, { Name: 'x', FilterTags: { role: '(' }, RequestAck: true, Timeout: halfASecond }]],
    3,
  ),
  scene('query-too-large', '', 'plain', [['query', 2, { Name: 'x', Payload: Buffer.alloc(1024, 120) }]], 1),
  scene('query-internal', '', 'plain', [['query', 2, { Name: '_serf_x' }]], 1),
  scene(
    'respond',
    'to the first query that the connection got: too much, as it should be, and once more',
    'plain',
    [
      ['stream', 2, { Type: 'query:size' }],
      ['query', 3, { Name: 'size', Payload: Buffer.from('disk'), Timeout: second }],
    ],
    4,
    {
      later: {
        requests: [
          ['respond', 4, { ID: 1, Payload: Buffer.alloc(1024, 120) }],
          ['respond', 5, { ID: 1, Payload: Buffer.from('12 GB') }],
          ['respond', 6, { ID: 1, Payload: Buffer.from('13 GB') }],
        ],
        objects: 7,
      },
    },
  ),
  scene('respond-unknown', '', 'plain', [['respond', 2, { ID: 99, Payload: null }]], 1),
  scene(
    'seq-largest',
    'a seq of 64 bits comes back as it was',
    'plain',
    [['stop', 2n ** 64n - 1n, { Stop: 0 }]],
    1,
  ),
  scene('seq-beyond-2-32', '', 'plain', [['stop', int64(2n ** 32n), { Stop: 0 }]], 1),
  scene(
    'type-float',
    'a float for an integer: the agent hangs up',
    'plain',
    [['stop', 2, { Stop: 1.5 }]],
    0,
    {
      closes: true,
    },
  ),
  scene(
    'type-bytes-for-string',
    'bytes for a string: the agent hangs up',
    'plain',
    [['get-coordinate', 2, { Node: Buffer.from('node-a') }]],
    0,
    { closes: true },
  ),
  scene(
    'leave',
    'the agent leaves and ends',
    'keyed',
    [handshake, ['auth', 2, { AuthKey: AGENTS.keyed.authKey }], ['leave', 3]],
    3,
    { greeted: false, closes: true },
  ),
]

function scene(
  name: string,
  about: string,
  agent: AgentKind,
  requests: Scene['requests'],
  objects: number,
  more: Pick<Scene, 'greeted' | 'closes' | 'answer' | 'later'> = {},
): Scene {
  return { name, about, agent, requests, objects, ...more }
}

function event(seq: number, name: string, payload: string): readonly [string, number, Packable] {
  return ['event', seq, { Name: name, Payload: Buffer.from(payload), Coalesce: false }]
}
