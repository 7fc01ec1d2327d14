import { config, type Observable, retry, takeUntil, timer } from 'rxjs'
import { connect, Connection, ConnectionError } from 'serfx'
import { observe, type Recording } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { header, pack } from '../support/wire/pack'
import { MemoryPeer, type MemorySocket } from '../support/peers/memory-peer'
import { ready } from '../support/peers/ready'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

describe('closing', () => {
  it('can be repeated, and needs no socket', () => {
    const connection = new Connection({ authKey: '' })
    expect(connection.closed).toBe(false)
    connection.close()
    connection.close()
    expect(connection.closed).toBe(true)
  })

  it('is what leaving a block does', async () => {
    const peer = MemoryPeer.greeting()
    let outside: Connection
    {
      using connection = new Connection(peer.options())
      await valueOf(connection.handshake())
      outside = connection
      expect(outside.closed).toBe(false)
    }
    expect(outside.closed).toBe(true)
    expect(peer.socket.destroyed).toBe(true)
  })

  it('errors all that waits, at once, with the command and the address', async () => {
    const { peer, connection } = await ready()
    const pending = [
      connection.query('q'),
      connection.query('q', '', { until: 'everyone' }),
      connection.members(),
      connection.request('stats'),
    ].map((one$) => observe<unknown>(one$))
    await peer.sent('stats')
    const unsent = observe(connection.tags({}))
    connection.close()
    for (const { error } of [...pending, unsent])
      expect(error).toMatchObject({ code: 'CLOSED', address: 'peer:7373' })
    expect(unsent.error).toHaveProperty('message', expect.stringMatching(/^tags: .*close\(\)/))
    await settle()
    expect(peer.commands).not.toContain('tags')
    expect(peer.commands).not.toContain('stop')
  })

  it('completes what has no end of its own, whether the agent has agreed to it or not', async () => {
    const { peer, connection } = await ready()
    const accepted = observe<unknown>(connection.stream())
    peer.reply(await peer.seqOf('stream'))
    await settle()
    const pending = [
      accepted,
      observe<unknown>(connection.stream('user')),
      observe<unknown>(connection.monitor()),
      observe<unknown>(connection.request('stream', { Type: '*' })),
      observe<unknown>(connection.frames$),
    ]
    await peer.sent('monitor')
    connection.close()
    for (const { completed, error } of pending) expect([completed, error]).toEqual([true, undefined])
    expect(observe(connection.frames$).completed).toBe(true)
    for (const one of pending) one.unsubscribe()
    await settle()
    expect(peer.commands).not.toContain('stop')
    for (const later$ of [connection.stream(), connection.monitor(), connection.members()])
      expect(await failureOf(later$)).toMatchObject({ code: 'CLOSED' })
  })

  it.each<[string, (connection: Connection) => Observable<unknown>]>([
    ['a command', (connection) => connection.members()],
    ['a stream', (connection) => connection.stream()],
    ['the answer to a query', (connection) => connection.respond(1)],
    [
      'a query that first asks who is asked, over a connection of its own',
      (connection) => connection.query('q', '', { until: 'everyone', filterTags: { role: 'web' } }),
    ],
  ])('leaves its own error to %s that is tried again and again', async (_, command) => {
    const { connection } = await ready()
    connection.close()
    const tries = observe(command(connection).pipe(retry(20_000), takeUntil(timer(200))))
    const counted = observe(command(connection).pipe(retry(20)))
    await until('it gives up', () => counted.error)
    expect(counted.error).toMatchObject({ code: 'CLOSED' })
    await until('its time is over', () => tries.ended)
    expect(tries.error).toBeUndefined()
  })

  it('stops delivery, even of the chunk that is being decoded', async () => {
    const { peer, connection } = await ready()
    const names: string[] = []
    connection.stream('user').subscribe({
      next: ({ name }) => {
        names.push(name)
        connection.close()
      },
      complete: () => names.push('complete'),
    })
    const seq = await peer.seqOf('stream')
    const event = (name: string) =>
      Buffer.concat([
        header(seq),
        pack({ Coalesce: false, Event: 'user', LTime: 1, Name: name, Payload: null }),
      ])
    peer.send(Buffer.concat([header(seq), event('first'), event('second')]))
    await settle()
    expect(names).toEqual(['first', 'complete'])
  })

  it('is safe within the error of a command that timed out: the others are closed, and no timer is left', async () => {
    const clock = new ManualClock()
    const { peer, connection } = await ready({ timeout: 50 }, clock)
    const errors: unknown[] = []
    connection.stats().subscribe({
      error: (error: unknown) => {
        errors.push(error)
        connection.close()
      },
    })
    const other = observe(connection.members())
    await peer.sent('members')
    await clock.pass(50)
    expect(errors).toMatchObject([{ code: 'TIMEOUT' }])
    expect(other.error).toMatchObject({ code: 'CLOSED' })
    expect(clock.due()).toEqual([])
  })

  it('is safe within the callback of a reply: that command completes, and the others error', async () => {
    const { peer, connection } = await ready()
    const ends: unknown[] = []
    connection.members().subscribe({
      next: () => connection.close(),
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('complete'),
    })
    const other = observe(connection.stats())
    peer.reply(await peer.seqOf('members'), { Members: [] })
    await settle()
    expect(ends).toEqual(['complete'])
    expect(other.error).toMatchObject({ code: 'CLOSED' })
    expect(peer.socket.destroyed).toBe(true)
  })

  it('is safe within an error callback, and so is asking again there', async () => {
    const { peer, connection } = await ready()
    const again: Recording<unknown>[] = []
    connection.members().subscribe({
      error: () => {
        connection.close()
        again.push(observe(connection.stats()))
      },
    })
    const other = observe(connection.stats())
    await peer.sent('stats')
    peer.fail(new Error('wires crossed'))
    await settle()
    expect(again.map(({ error }) => error)).toEqual([expect.objectContaining({ code: 'CONNECTION_LOST' })])
    expect(other.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await valueOf(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(peer.dials).toBe(1)
  })

  it('errors the others although an error callback throws', async () => {
    const { connection } = await ready()
    const reported: unknown[] = []
    config.onUnhandledError = (error: unknown) => reported.push(error)
    connection.members().subscribe({
      error: () => {
        throw new Error('of the user')
      },
    })
    const others = [connection.members(), connection.stats(), connection.query('q')].map((other$) =>
      observe<unknown>(other$),
    )
    connection.close()
    for (const { error } of others) expect(error).toMatchObject({ code: 'CLOSED' })
    await until('RxJS reports it', () => reported.length > 0)
    config.onUnhandledError = null
    expect(reported).toMatchObject([{ message: 'of the user' }])
  })
})

describe('leaving', () => {
  it('completes what has no end of its own when the agent hangs up, and tells the loss to the rest', async () => {
    const { peer, connection } = await ready()
    const endless = [observe<unknown>(connection.stream()), observe<unknown>(connection.monitor())]
    const query = observe(connection.query('q'))
    const left = observe(connection.leave())
    peer.reply(await peer.seqOf('leave'))
    await until('it has its reply', () => left.completed)
    peer.end()
    await until('it has ended', () => connection.closed)
    for (const one of endless) expect(one).toMatchObject({ completed: true, error: undefined })
    expect(query.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await valueOf(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('errors everything when the agent hangs up before it has agreed', async () => {
    const { peer, connection } = await ready()
    const stream = observe(connection.stream())
    const left = observe(connection.leave())
    await peer.sent('leave')
    peer.end()
    await until('it has ended', () => connection.closed)
    for (const one of [stream, left]) expect(one.error).toMatchObject({ code: 'CONNECTION_LOST' })
  })
})

describe('closed$', () => {
  it('emits undefined after close(), to early and late subscribers', async () => {
    const { connection } = await ready()
    const early = observe(connection.closed$)
    expect(early.values).toEqual([])
    connection.close()
    const late = observe(connection.closed$)
    for (const { values, completed } of [early, late])
      expect({ values, completed }).toEqual({ values: [undefined], completed: true })
  })

  it('emits why the connection was lost, after all pending requests have got their error', async () => {
    const { peer, connection } = await ready()
    const order: string[] = []
    connection.closed$.subscribe((error) => order.push(`closed ${error?.code}`))
    connection.members().subscribe({ error: (error: unknown) => order.push(`members ${String(error)}`) })
    await peer.sent('members')
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    peer.fail(cause)
    await until('it has ended', () => connection.closed)
    expect(order).toEqual([
      expect.stringMatching(/^members ConnectionError: members: .* lost/),
      'closed CONNECTION_LOST',
    ])
    const error = await valueOf(connection.closed$)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      cause,
      address: 'peer:7373',
      message: expect.stringContaining('ECONNRESET'),
    })
    connection.close()
    expect(await valueOf(connection.closed$)).toBe(error)
  })

  it('says where the bytes ended', async () => {
    const { peer, connection } = await ready()
    const pending = observe(connection.members())
    peer.send(header(await peer.seqOf('members')).subarray(0, 5))
    peer.end()
    await until('it has ended', () => pending.error)
    expect(pending.error).toHaveProperty('message', expect.stringContaining('in the middle of a message'))
  })

  it('does not dial', () => {
    const peer = new MemoryPeer()
    const connection = new Connection(peer.options())
    connection.closed$.subscribe()
    connection.frames$.subscribe()
    expect(peer.dials).toBe(0)
    connection.close()
  })
})

describe('a socket that ends', () => {
  it('is not dialled again', async () => {
    const { peer, connection } = await ready()
    peer.end()
    await until('it has ended', () => connection.closed)
    await expect(failureOf(connection.members())).resolves.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(peer.dials).toBe(1)
    expect(peer.socket.destroyed).toBe(true)
  })

  it('can error twice, and after it was closed', async () => {
    const { peer, connection } = await ready()
    const pending = observe(connection.members())
    await peer.sent('members')
    peer.socket.emit('error', new Error('first'))
    peer.socket.emit('error', new Error('second'))
    peer.socket.emit('close')
    expect(pending.error).toMatchObject({ code: 'CONNECTION_LOST', cause: new Error('first') })
    const { peer: other, connection: closed } = await ready()
    closed.close()
    other.socket.emit('error', new Error('late'))
    expect(await valueOf(closed.closed$)).toBeUndefined()
  })

  it('can have ended before the connection gets it', async () => {
    const peer = MemoryPeer.greeting()
    const options = peer.options()
    await valueOf(connect(options, (connection) => [connection.host]))
    const used = new Connection({ ...options, socket: () => peer.socket })
    await expect(failureOf(used.members())).resolves.toBeInstanceOf(ConnectionError)
    expect(used.closed).toBe(true)
  })

  it.each<[string, (socket: MemorySocket) => void]>([
    ['end', (socket) => socket.end()],
    ['destroy', (socket) => socket.destroy()],
  ])('can be ended by the program itself, with %s()', async (_, end) => {
    const { peer, connection } = await ready()
    const pending = observe(connection.members())
    await peer.sent('members')
    end(peer.socket)
    await until('it has ended', () => connection.closed)
    expect(pending.error).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('is destroyed, and gets no request, when the connection is closed while it is made', async () => {
    const peer = new MemoryPeer()
    const connection: Connection = new Connection(
      peer.options({
        socket: () => {
          connection.close()
          return peer.dial()
        },
      }),
    )
    await expect(failureOf(connection.members())).resolves.toMatchObject({ code: 'CLOSED' })
    expect(peer.socket.destroyed).toBe(true)
    expect(peer.requests).toEqual([])
  })

  it('can end while it is opened', async () => {
    const peer = new MemoryPeer()
    peer.answer = () => {
      peer.socket.destroy(new Error('not you'))
      return undefined
    }
    await expect(failureOf(new Connection(peer.options()).handshake())).resolves.toMatchObject({
      cause: new Error('not you'),
    })
  })
})
