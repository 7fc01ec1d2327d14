import { concat, ignoreElements, take } from 'rxjs'
import { Connection } from 'serfx'
import { observe } from '../support/observe/recording'
import { failureOf } from '../support/observe/failure'
import { frame, header } from '../support/wire/pack'
import { MemoryPeer } from '../support/peers/memory-peer'
import { expectUsable, ready } from '../support/peers/ready'
import { ack, done, queryEvent, response } from '../support/wire/wire-records'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

describe('a query', () => {
  it('can be unsubscribed after its first response: no stop is sent, and later records are ignored', async () => {
    const { peer, connection } = await ready()
    const first = valueOf(connection.query('q').pipe(take(1)))
    const seq = await peer.seqOf('query')
    peer.send(Buffer.concat([header(seq), frame(seq, response('a')), frame(seq, response('b'))]))
    await expect(first).resolves.toMatchObject({ type: 'response', from: 'a', text: 'a' })
    peer.reply(seq, response('c'))
    peer.reply(seq, done)
    await expectUsable({ peer, connection })
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('drops records without a node', async () => {
    const { peer, connection } = await ready()
    const answers = valuesOf(connection.query('q', undefined, { requestAck: true }))
    const seq = await peer.seqOf('query')
    const nobody = [ack(''), response('')].map((record) => frame(seq, record))
    peer.send(
      Buffer.concat([
        header(seq),
        ...nobody,
        frame(seq, ack('a')),
        frame(seq, response('a')),
        ...nobody,
        frame(seq, done),
      ]),
    )
    await expect(answers).resolves.toEqual([
      { type: 'ack', from: 'a' },
      expect.objectContaining({ type: 'response', from: 'a' }),
    ])
    connection.close()
  })

  it('sends nothing and does not dial when filterNodes is empty', async () => {
    const peer = new MemoryPeer()
    using connection = new Connection(peer.options())
    for (const until of ['deadline', 'everyone'] as const) {
      await expect(valuesOf(connection.query('q', 'p', { filterNodes: [], until }))).resolves.toEqual([])
    }
    expect(peer.dials).toBe(0)
    expect(() => connection.query('', 'p', { filterNodes: [] })).toThrow(TypeError)
    expect(() => connection.query('q', 'p', { filterNodes: [], timeout: -1 })).toThrow(RangeError)
  })

  it('errors on a connection that has ended, even when filterNodes is empty', async () => {
    const { peer, connection } = await ready()
    peer.end()
    await until('it has ended', () => connection.closed)
    const closed = new Connection(peer.options())
    const early$ = closed.query('q', '', { filterNodes: [] })
    closed.close()
    for (const [ended, code] of [
      [connection, 'CONNECTION_LOST'],
      [closed, 'CLOSED'],
    ] as const) {
      for (const end of ['deadline', 'everyone', { share: 0.5 }] as const) {
        const query$ = ended.query('q', '', { filterNodes: [], until: end })
        await expect(failureOf(query$)).resolves.toMatchObject({ code })
      }
      const progress$ = ended.queryProgress('q', '', { filterNodes: [] })
      await expect(failureOf(progress$)).resolves.toMatchObject({ code })
    }
    await expect(failureOf(early$)).resolves.toMatchObject({ code: 'CLOSED' })
  })

  it('has its timeout as whole nanoseconds', async () => {
    const { peer, connection } = await ready()
    observe(connection.query('q', undefined, { timeout: 15_000 }))
    expect((await peer.sent('query'))[0]?.body).toMatchObject({ Timeout: 15_000_000_000n })
    connection.close()
  })
})

describe('a query of a stream', () => {
  it('is answered with its own id, each time it is subscribed', async () => {
    const { peer, connection } = await ready()
    const queries = observe(connection.stream('query'))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, queryEvent(2n ** 63n))
    const query = await queries.find('the query')
    const answer$ = query.respond('yes')
    await settle()
    expect(peer.commands).not.toContain('respond')
    observe(concat(answer$, answer$.pipe(ignoreElements())))
    peer.reply(await peer.seqOf('respond'))
    const sent = await peer.sent('respond', 2)
    expect(sent.map(({ body }) => body)).toEqual(
      Array(2).fill({ ID: 2n ** 63n, Payload: Buffer.from('yes') }),
    )
    queries.unsubscribe()
    connection.close()
  })

  it('cannot be answered once its connection is gone, however that ended', async () => {
    const { peer, connection } = await ready()
    const queries = observe(connection.stream('query'))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, queryEvent(1))
    const query = await queries.find('the query')
    connection.close()
    await expect(failureOf(query.respond('late'))).resolves.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/^respond: /),
    })
  })
})
