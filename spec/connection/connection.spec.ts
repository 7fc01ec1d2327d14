import { inspect } from 'node:util'
import { type Observable } from 'rxjs'
import { Connection, ConnectionError } from 'serfx'
import type { CommandName } from '../../lib/protocol/commands'
import { observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { header } from '../support/wire/pack'
import { MemoryPeer } from '../support/peers/memory-peer'
import { ready } from '../support/peers/ready'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

/** Every command by its name on the wire. A client sends `stop` on its own. */
const commands: Record<
  Exclude<CommandName, 'stop'> | 'no-such',
  (connection: Connection) => Observable<unknown>
> = {
  handshake: (connection) => connection.handshake(),
  auth: (connection) => connection.auth('key'),
  event: (connection) => connection.event('deploy'),
  'force-leave': (connection) => connection.forceLeave('node'),
  join: (connection) => connection.join('10.0.0.1'),
  members: (connection) => connection.members(),
  'members-filtered': (connection) => connection.membersFiltered({ name: 'a' }),
  tags: (connection) => connection.tags({ a: '1' }),
  leave: (connection) => connection.leave(),
  'install-key': (connection) => connection.installKey('key'),
  'use-key': (connection) => connection.useKey('key'),
  'remove-key': (connection) => connection.removeKey('key'),
  'list-keys': (connection) => connection.listKeys(),
  stats: (connection) => connection.stats(),
  'get-coordinate': (connection) => connection.getCoordinate('node'),
  stream: (connection) => connection.stream('user'),
  monitor: (connection) => connection.monitor('info'),
  query: (connection) => connection.query('uptime'),
  respond: (connection) => connection.respond(1),
  'no-such': (connection) => connection.request('no-such'),
}

describe('a connection', () => {
  it('tells where it leads', () => {
    const connection = new Connection({ host: '::1', port: 7000, authKey: '' })
    expect(connection).toMatchObject({ host: '::1', port: 7000, closed: false })
    connection.close()
  })

  it.each(Object.entries(commands))(
    'sends nothing for %s before it is subscribed, and a request each time it is',
    async (name, call) => {
      const peer = new MemoryPeer()
      using connection = new Connection(peer.options())
      const reply$ = call(connection)
      await settle()
      expect(peer.dials).toBe(0)
      using first = observe(reply$)
      using second = observe(reply$)
      const sent = await peer.sent(name, 2)
      expect(new Set(sent.map(({ seq }) => seq)).size).toBe(2)
      expect(peer.dials).toBe(1)
      expect([first.error, second.error]).toEqual([undefined, undefined])
    },
  )

  it.each(Object.entries(commands))('errors %s, and dials nothing, once it is closed', async (name, call) => {
    const peer = new MemoryPeer()
    const connection = new Connection(peer.options())
    const reply$ = call(connection)
    connection.close()
    const error = await failureOf(reply$)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: 'CLOSED',
      address: 'peer:7373',
      message: expect.stringMatching(new RegExp(`^${name}: .*peer:7373`)),
    })
    expect(peer.dials).toBe(0)
  })

  it.each(Object.entries(commands))('errors %s when the socket ends, at once', async (name, call) => {
    const { peer, connection } = await ready()
    peer.answer = () => undefined
    const pending = observe(call(connection))
    await peer.sent(name)
    peer.end()
    await settle()
    expect(pending.error).toBeInstanceOf(ConnectionError)
    expect(pending.error).toMatchObject({
      code: 'CONNECTION_LOST',
      address: 'peer:7373',
      message: expect.stringMatching(new RegExp(`^${name}: .*peer:7373`)),
    })
  })

  it('has all its methods bound', async () => {
    const peer = MemoryPeer.greeting()
    const { handshake, members, close, request, event } = new Connection(peer.options())
    await valueOf(handshake())
    const [pending, raw, fired] = [observe(members()), observe(request('stats')), observe(event('a'))]
    await peer.sent('event')
    expect(peer.commands).toEqual(['handshake', 'members', 'stats', 'event'])
    close()
    for (const one of [pending, raw, fired]) expect(one.error).toMatchObject({ code: 'CLOSED' })
  })

  it('has no method that is not bound', () => {
    const connection = new Connection({ authKey: '' })
    const onPrototype = [Connection.prototype, Object.getPrototypeOf(Connection.prototype) as object]
      .flatMap((prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
      .map(([name]) => name)
    expect(onPrototype).toEqual(['run', 'runOnOwnConnection'])
    connection.close()
  })

  it.each<[string, (connection: Connection) => unknown]>([
    ['a key that is a list', (connection) => connection.auth(['the-secret'] as never)],
    ['a pattern that is a number', (connection) => connection.membersFiltered({ name: 5 as never })],
    ['a tag that is a number', (connection) => connection.tags({ a: 5 as never })],
    ['the coordinate of no node', (connection) => connection.getCoordinate('')],
  ])('refuses %s at the call, dials nothing, and does not repeat a key', (_, call) => {
    const peer = new MemoryPeer()
    using connection = new Connection(peer.options())
    expect(() => call(connection)).toThrow(TypeError)
    expect(() => call(connection)).not.toThrow(/the-secret/)
    expect(peer.dials).toBe(0)
  })

  it('shows no key', async () => {
    const peer = new MemoryPeer()
    peer.answer = ({ seq }) => header(seq)
    const connection = new Connection(peer.options({ authKey: 'the-secret' }))
    await valueOf(connection.handshake())
    await valueOf(connection.auth())
    expect(peer.requests[1]?.body).toEqual({ AuthKey: 'the-secret' })
    expect(inspect(connection)).toBe('Connection { peer:7373, open }')
    for (const options of [
      {},
      { depth: Infinity, showHidden: true },
      { customInspect: false, depth: Infinity, showHidden: true },
    ]) {
      expect(inspect(connection, options)).not.toContain('the-secret')
      expect(inspect({ deep: { connection } }, options)).not.toContain('the-secret')
    }
    expect(JSON.stringify(connection)).not.toContain('the-secret')
    connection.close()
    expect(inspect(connection)).toBe('Connection { peer:7373, closed }')
    expect(inspect(await failureOf(connection.auth('another-secret')))).not.toMatch(/secret/)
  })

  it('has no key in the errors of its commands', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ command, seq }) =>
      command === 'auth' ? header(seq, 'Invalid authentication token') : undefined
    const refused = observe(connection.auth('the-secret'))
    const report = observe(connection.installKey('the-secret'))
    peer.reply(
      await peer.seqOf('install-key'),
      { Keys: { 'the-secret': 1 }, Messages: {}, NumErr: 1, NumNodes: 1, NumResp: 1 },
      '1/1 nodes reported failure',
    )
    await until('both have ended', () => refused.error && report.error)
    expect(inspect(refused.error, { depth: Infinity })).not.toContain('the-secret')
    expect(inspect(report.error, { depth: Infinity })).not.toContain('the-secret')
    expect(report.error).toHaveProperty('body', expect.objectContaining({ keys: { 'the-secret': 1 } }))
    connection.close()
  })
})
