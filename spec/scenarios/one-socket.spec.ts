import {
  config,
  firstValueFrom,
  forkJoin,
  lastValueFrom,
  mergeMap,
  type Observable,
  range,
  take,
  toArray,
} from 'rxjs'
import { connect, Connection, type KeyReport, RpcError } from '../../lib'
import { freePort } from '../support/agents/free-port'
import { failureOf } from '../support/observe/failure'
import { observe } from '../support/observe/recording'
import { frame } from '../support/wire/pack'
import { TcpPeer } from '../support/peers/tcp-peer'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'

describe('one socket for everything', () => {
  let agent: SerfAgent
  beforeAll(async () => {
    agent = await SerfAgent.start({ name: 'busy' })
  })
  afterAll(async () => {
    await agent.stop()
  })
  const opened = () => firstValueFrom(connect({ host: agent.host, port: agent.port, authKey: '' }))

  test('5,000 requests in flight, a stream and queries between them: each frame to its owner', async () => {
    const connection = await opened()
    const stream = observe(connection.stream('user:numbered'))
    await firstValueFrom(connection.stats())
    const queries = Array.from({ length: 5 }, (_, index) =>
      lastValueFrom(
        connection.query(`q${index}`, '', { timeout: 20_000, requestAck: true }).pipe(take(1), toArray()),
      ),
    )
    const kinds = 5
    const replies = await lastValueFrom(
      range(0, 5_000).pipe(
        mergeMap((index) => {
          if (index % 100 === 0) return connection.event('numbered', String(index), { coalesce: false })
          switch (index % kinds) {
            case 0:
              return connection.members()
            case 1:
              return connection.stats()
            case 2:
              return connection.getCoordinate(index % 2 === 0 ? 'busy' : 'nobody')
            case 3:
              return connection.membersFiltered({ name: index % 2 === 0 ? 'busy' : 'nobody' })
            default:
              return connection.request('get-coordinate', { Node: 'busy' })
          }
        }, 5_000),
        toArray(),
      ),
    )
    // An agent answers in the order of the requests, so that the place of a reply tells whose it is.
    expect(replies).toHaveLength(5_000)
    const misplaced = replies.filter((value, index) => {
      if (index % 100 === 0) return value !== undefined
      switch (index % kinds) {
        case 0:
          return !Array.isArray(value) || value.length !== 1
        case 1:
          return !(typeof value === 'object' && value && 'event_handlers' in value)
        case 2:
          return index % 2 === 0 ? !(typeof value === 'object' && value && 'vec' in value) : value !== null
        case 3:
          return !Array.isArray(value) || value.length !== (index % 2 === 0 ? 1 : 0)
        default:
          return !(typeof value === 'object' && value && 'header' in value)
      }
    })
    expect(misplaced).toEqual([])
    await stream.reaches(50)
    expect(stream.values.map(({ text }) => text)).toEqual(
      Array.from({ length: 50 }, (_, index) => String(100 * index)),
    )
    for (const acks of await Promise.all(queries)) expect(acks).toEqual([{ type: 'ack', from: 'busy' }])
    connection.close()
  })

  test('more at once than there are slots, answered backwards', async () => {
    const seqs: number[] = []
    await using server = await TcpPeer.greeting(({ seq, connection: peer }) => {
      if (seqs.push(seq) < 9_000) return
      peer.send(
        ...seqs
          .reverse()
          .map((each) =>
            frame(each, { Ok: true, Coord: { Adjustment: 0, Error: 0, Height: each, Vec: [] } }),
          ),
      )
    })
    const connection = await firstValueFrom(connect({ host: server.host, port: server.port }))
    const coordinates = await lastValueFrom(
      forkJoin(Array.from({ length: 9_000 }, () => connection.getCoordinate('n'))),
    )
    expect(coordinates.map((coordinate) => coordinate?.height)).toEqual(seqs.reverse())
    connection.close()
  })

  test('a failed join, whose body still comes, then members', async () => {
    const connection = await opened()
    const nowhere = `127.0.0.1:${await freePort()}`
    const join = observe(connection.join([nowhere, nowhere]))
    const members = observe(connection.members())
    await members.ends()
    const { error } = join
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ command: 'join', code: 'AGENT_ERROR', body: 0 })
    expect(String(error)).toContain(`join: 127.0.0.1:${agent.port} answered: 2 errors occurred`)
    expect(members.values).toMatchObject([[{ name: 'busy' }]])
    connection.close()
  })

  test('failed key commands, whose bodies still come, then members', async () => {
    const connection = await opened()
    const failed = await Promise.all(
      [
        connection.listKeys(),
        connection.installKey('not base64!'),
        connection.useKey('AAAAAAAAAAAAAAAAAAAAAA=='),
        connection.removeKey('AAAAAAAAAAAAAAAAAAAAAA=='),
      ].map(failureOf),
    )
    for (const error of failed) {
      const body = error instanceof RpcError ? error.body : undefined
      expect(body).toMatchObject({ keys: {}, numNodes: expect.any(Number) } satisfies Partial<KeyReport>)
      expect(JSON.stringify(error)).not.toContain('AAAA')
    }
    expect(Reflect.get(failed[0] ?? {}, 'body')).toMatchObject({
      messages: { busy: expect.stringContaining('not enabled') },
    })
    expect(await firstValueFrom(connection.members())).toHaveLength(1)
    connection.close()
  })

  test('leave() emits although the agent closes the connection behind its reply', async () => {
    await using leaver = await SerfAgent.start({ name: 'leaver' })
    const connection = await firstValueFrom(connect({ host: leaver.host, port: leaver.port, authKey: '' }))
    const stream = observe(connection.stream())
    const gone = leaver.exited()
    const leave = observe(connection.leave())
    await leave.ends()
    expect(leave).toMatchObject({ values: [undefined], completed: true })
    await until('the agent closes the connection', () => connection.closed)
    expect(stream.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await firstValueFrom(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
    await gone
  })

  test('in the block form too', async () => {
    await using leaver = await SerfAgent.start({ name: 'leaver' })
    const gone = leaver.exited()
    const leave = observe(
      connect({ host: leaver.host, port: leaver.port, authKey: '' }, (connection) => connection.leave()),
    )
    await leave.ends()
    expect(leave).toMatchObject({ values: [undefined], completed: true })
    await gone
  })

  test('an agent that dies: everything pending errors at once, each by its own name, in order', async () => {
    const mortal = await SerfAgent.start({ name: 'mortal' })
    const connection = await firstValueFrom(
      connect({ host: mortal.host, port: mortal.port, authKey: '', timeout: 0 }),
    )
    const told: string[] = []
    const pending: Record<string, Observable<unknown>> = {
      stream: connection.stream(),
      monitor: connection.monitor(),
      query: connection.query('q', '', { timeout: 60_000 }),
    }
    for (const [name, source$] of Object.entries(pending)) {
      source$.subscribe({ error: (error: unknown) => told.push(`${name} ${String(error)}`) })
    }
    await firstValueFrom(connection.stats())
    const gone = mortal.exited()
    mortal.signal('SIGKILL')
    await gone
    await until('the connection is lost', () => connection.closed)
    expect(told).toEqual(
      ['stream', 'monitor', 'query'].map(
        (name) => expect.stringContaining(`${name} ConnectionError: ${name}: `) as string,
      ),
    )
    await mortal.stop()
  })
})

describe('when a socket ends', () => {
  const greeted = async () => {
    const server = await TcpPeer.greeting()
    const connection = await firstValueFrom(connect({ host: server.host, port: server.port, timeout: 0 }))
    return { server, connection, session: await server.connected() }
  }

  test('whoever subscribes in an error callback is told too, and nothing is dialled again', async () => {
    const { server, connection, session } = await greeted()
    const again: unknown[] = []
    connection.stream().subscribe({
      error: () => again.push(observe(connection.members()).error),
    })
    const query = observe(connection.query('q'))
    await server.request('query')
    session.socket.resetAndDestroy()
    await query.ends()
    expect(again).toMatchObject([{ code: 'CONNECTION_LOST' }])
    expect(query.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(server.connections).toHaveLength(1)
    await server.stop()
  })

  test('close() in an error callback changes nothing for the others', async () => {
    const { server, connection, session } = await greeted()
    connection.stream().subscribe({ error: () => connection.close() })
    const members = observe(connection.members())
    const closed = observe(connection.closed$)
    await server.request('members')
    session.socket.end()
    await members.ends()
    expect(members.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(closed).toMatchObject({ values: [{ code: 'CONNECTION_LOST' }], completed: true })
    await server.stop()
  })

  test('a callback that throws keeps nobody else from being told', async () => {
    const { server, connection } = await greeted()
    const reported: unknown[] = []
    config.onUnhandledError = (error: unknown) => reported.push(error)
    connection.members().subscribe({
      error: () => {
        throw new Error('of the user')
      },
    })
    const others = [
      observe(connection.members()),
      observe(connection.stats()),
      observe(connection.query('q')),
    ]
    connection.close()
    for (const { error } of others) expect(error).toMatchObject({ code: 'CLOSED' })
    await until('RxJS reports it', () => reported.length > 0)
    config.onUnhandledError = null
    expect(reported).toMatchObject([{ message: 'of the user' }])
    await server.stop()
  })

  test('everything is told within the call of close()', async () => {
    const { server, connection } = await greeted()
    const many = Array.from({ length: 300 }, () => observe(connection.members()))
    connection.close()
    expect(many.filter(({ ended }) => !ended)).toEqual([])
    await server.stop()
  })

  test('an unconnected one: close() before the dial is through', async () => {
    await using server = await TcpPeer.start()
    const connection = new Connection({ host: server.host, port: server.port })
    const members = observe(connection.members())
    connection.close()
    expect(members.error).toMatchObject({ code: 'CLOSED' })
    expect(await firstValueFrom(connection.closed$)).toBeUndefined()
  })
})
