import { EMPTY, finalize, firstValueFrom, NEVER, of, Subject, take, throwError } from 'rxjs'
import { connect, Connection, ConnectionError, RpcError, TimeoutError } from 'serfx'
import { shown } from '../../lib/arguments'
import { observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { header } from '../support/wire/pack'
import { MemoryPeer } from '../support/peers/memory-peer'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe('connect(options)', () => {
  it('emits one ready connection and completes; it stays open', async () => {
    const peer = MemoryPeer.greeting()
    const connection = await valueOf(connect(peer.options()))
    expect(connection).toBeInstanceOf(Connection)
    expect(peer.requests).toMatchObject([{ command: 'handshake', seq: 1, body: { Version: 1 } }])
    expect(connection.closed).toBe(false)
    expect(peer.socket.destroyed).toBe(false)
    connection.close()
    expect(peer.socket.destroyed).toBe(true)
  })

  it('shows the key after the handshake was answered, and not before', async () => {
    const peer = new MemoryPeer()
    const opening = observe(connect(peer.options({ authKey: 'secret' })))
    const handshake = await peer.seqOf('handshake')
    await settle()
    expect(peer.commands).toEqual(['handshake'])
    peer.reply(handshake)
    const [auth] = await peer.sent('auth')
    expect(auth?.body).toEqual({ AuthKey: 'secret' })
    expect(opening.values).toEqual([])
    peer.reply(auth?.seq ?? -1)
    const connection = await opening.find('a connection')
    expect(opening.completed).toBe(true)
    connection.close()
  })

  it('is cold: it dials when subscribed, and anew each time', async () => {
    const peer = MemoryPeer.greeting()
    const opening$ = connect(peer.options())
    await settle()
    expect(peer.dials).toBe(0)
    const [first, second] = [await valueOf(opening$), await valueOf(opening$)]
    expect(peer.dials).toBe(2)
    expect(first).not.toBe(second)
    first.close()
    second.close()
  })

  it('keeps the connection of a subscriber who takes one and leaves', async () => {
    const peer = MemoryPeer.greeting()
    const connection = await firstValueFrom(connect(peer.options()).pipe(take(1)))
    await settle()
    expect(connection.closed).toBe(false)
    connection.close()
  })

  it.each([
    ['at once', 0],
    ['before the handshake was answered', 1],
    ['before the key was answered', 2],
  ])('closes the socket when it is unsubscribed %s', async (_, requests) => {
    const peer = new MemoryPeer()
    const opening = observe(connect(peer.options({ authKey: 'secret' })))
    if (requests > 0) await peer.seqOf('handshake')
    if (requests > 1) {
      peer.reply(await peer.seqOf('handshake'))
      await peer.seqOf('auth')
    }
    opening.unsubscribe()
    expect(peer.socket.destroyed).toBe(true)
    await settle()
    expect(opening).toMatchObject({ values: [], completed: false })
    expect(opening.error).toBeUndefined()
  })

  it.each([null, 'members', {}])('refuses %j in place of a function, at the call', (use) => {
    expect(() => connect({}, use as never)).toThrow(
      new TypeError(`the second argument of connect must be a function of the connection, not ${shown(use)}`),
    )
  })

  it('errors, and closes, when the agent refuses the key', async () => {
    const peer = new MemoryPeer()
    peer.answer = ({ command, seq }) => header(seq, command === 'auth' ? 'Invalid authentication token' : '')
    const error = await failureOf(connect(peer.options({ authKey: 'wrong-key' })))
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ code: 'INVALID_AUTH_TOKEN', command: 'auth' })
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-key')
    expect(peer.socket.destroyed).toBe(true)
  })

  it('errors, and closes, when the agent goes or says nothing', async () => {
    const going = new MemoryPeer()
    going.answer = () => {
      setImmediate(() => going.end())
      return undefined
    }
    await expect(failureOf(connect(going.options()))).resolves.toMatchObject({ code: 'CONNECTION_LOST' })
    const silent = new MemoryPeer()
    await expect(failureOf(connect(silent.options({ timeout: 20 })))).resolves.toBeInstanceOf(TimeoutError)
    expect(silent.socket.destroyed).toBe(true)
  })

  it('errors when the socket cannot be made', async () => {
    const socket = () => {
      throw new Error('no tunnel today')
    }
    const error = await failureOf(connect({ host: 'peer', authKey: '', socket }))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ address: 'peer:7373', message: expect.stringContaining('no tunnel today') })
  })
})

describe('connect(options, use)', () => {
  it('passes on what `use` emits, and closes when that completes', async () => {
    const peer = MemoryPeer.greeting()
    await expect(valuesOf(connect(peer.options(), () => of(1, 2, 3)))).resolves.toEqual([1, 2, 3])
    expect(peer.socket.destroyed).toBe(true)
  })

  it('closes when `use` gives nothing, errors or throws', async () => {
    const empty = MemoryPeer.greeting()
    await expect(valuesOf(connect(empty.options(), () => EMPTY))).resolves.toEqual([])
    expect(empty.socket.destroyed).toBe(true)
    const failing = MemoryPeer.greeting()
    await expect(
      valueOf(connect(failing.options(), () => throwError(() => new Error('mine')))),
    ).rejects.toThrow('mine')
    expect(failing.socket.destroyed).toBe(true)
    const throwing = MemoryPeer.greeting()
    const use = () => {
      throw new Error('mine too')
    }
    await expect(valueOf(connect(throwing.options(), use))).rejects.toThrow('mine too')
    expect(throwing.socket.destroyed).toBe(true)
  })

  it('accepts a promise or an array from `use`', async () => {
    await expect(
      valueOf(connect(MemoryPeer.greeting().options(), () => Promise.resolve('later'))),
    ).resolves.toBe('later')
    await expect(valuesOf(connect(MemoryPeer.greeting().options(), () => ['a', 'b']))).resolves.toEqual([
      'a',
      'b',
    ])
  })

  it('closes when it is unsubscribed, after `use` was', async () => {
    const peer = MemoryPeer.greeting()
    const order: string[] = []
    const use = (connection: Connection) => {
      connection.closed$.subscribe(() => order.push('closed'))
      return NEVER.pipe(finalize(() => order.push('use')))
    }
    const running = observe(connect(peer.options(), use))
    await peer.seqOf('handshake')
    await settle()
    running.unsubscribe()
    expect(order).toEqual(['use', 'closed'])
    expect(peer.socket.destroyed).toBe(true)
  })

  it('does not call `use` when it is unsubscribed before the connection is ready', async () => {
    const peer = new MemoryPeer()
    const use = jest.fn(() => EMPTY)
    const running = observe(connect(peer.options(), use))
    const handshake = await peer.seqOf('handshake')
    running.unsubscribe()
    expect(peer.socket.destroyed).toBe(true)
    peer.socket.push(header(handshake))
    await settle()
    expect(use).not.toHaveBeenCalled()
  })

  it('errors what `use` waits for when the agent goes', async () => {
    const peer = MemoryPeer.greeting()
    const running = observe(connect(peer.options(), (connection) => connection.stream('*')))
    peer.reply(await peer.seqOf('stream'))
    peer.end()
    await until('it has heard of it', () => running.error)
    expect(running.error).toMatchObject({ code: 'CONNECTION_LOST', address: 'peer:7373' })
  })

  it('outlives nothing: when `use` ends by a Subject the socket is gone in the same turn', async () => {
    const peer = MemoryPeer.greeting()
    const end$ = new Subject<string>()
    const running = observe(connect(peer.options(), () => end$))
    await peer.seqOf('handshake')
    await settle()
    end$.next('last')
    end$.complete()
    expect(running).toMatchObject({ values: ['last'], completed: true })
    expect(peer.socket.destroyed).toBe(true)
  })

  it('makes a connection for each subscription, also when it is repeated', async () => {
    const peer = MemoryPeer.greeting()
    const named$ = connect(peer.options(), ({ host }) => of(host))
    await valueOf(named$)
    await valueOf(named$)
    expect(peer.dials).toBe(2)
  })
})

describe('connect(use)', () => {
  it('reads the address from the environment', async () => {
    const before = { ...process.env }
    try {
      Object.assign(process.env, { SERF_RPC_ADDR: '127.0.0.1:1' })
      await expect(failureOf(connect(() => EMPTY))).resolves.toMatchObject({ address: '127.0.0.1:1' })
      await expect(failureOf(connect())).resolves.toMatchObject({ address: '127.0.0.1:1' })
    } finally {
      process.env = before
    }
  })
})
