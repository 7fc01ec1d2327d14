import { Connection, type Frame } from 'serfx'
import { observe } from '../support/observe/recording'
import { frame } from '../support/wire/pack'
import { ready } from '../support/peers/ready'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'
import { valuesOf } from '../support/observe/values'

describe('frames$', () => {
  it('shows every frame in Serf words, hot, and completes with the connection', async () => {
    const { peer, connection } = await ready()
    const frames = valuesOf(connection.frames$)
    const again: Frame[] = []
    connection.frames$.subscribe((frame) => again.push(frame))
    const joined = observe(connection.join('a'))
    peer.reply(await peer.seqOf('join'), { Num: 0 }, 'no')
    await until('it has failed', () => joined.error)
    connection.members().subscribe()
    peer.reply(await peer.seqOf('members'), { Members: [{ Name: 'a', Addr: Buffer.from([1, 2, 3, 4]) }] })
    await settle()
    connection.close()
    await expect(frames).resolves.toEqual([
      { header: { seq: 2, error: 'no' }, body: { Num: 0 } },
      { header: { seq: 3, error: '' }, body: { Members: [{ Name: 'a', Addr: Buffer.from([1, 2, 3, 4]) }] } },
    ])
    expect(again).toEqual(await frames)
  })

  it('can be subscribed within a callback, and then shows the rest of the same chunk', async () => {
    const { peer, connection } = await ready()
    const seen: unknown[] = []
    const look = () => connection.frames$.subscribe(({ body }) => seen.push(body))
    connection.stream('user').subscribe({
      next: ({ ltime }) => {
        if (ltime === 1) look()
      },
      error: () => undefined,
    })
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    await settle()
    const record = (LTime: number) => ({
      Coalesce: false,
      Event: 'user',
      LTime,
      Name: 'deploy',
      Payload: null,
    })
    peer.send(Buffer.concat([1, 2, 3].map((ltime) => frame(seq, record(ltime)))))
    await settle()
    expect(seen).toEqual([record(2), record(3)])
    connection.close()
  })

  it('can be unsubscribed and subscribed again at any time', async () => {
    const { peer, connection } = await ready()
    const frames: Frame[] = []
    for (let count = 0; count < 3; count++) {
      const looking = connection.frames$.subscribe((frame) => frames.push(frame))
      connection.stats().subscribe()
      const sent = (await peer.sent('stats', 2 * count + 1)).at(-1)
      peer.reply(sent?.seq ?? -1, {})
      await settle()
      looking.unsubscribe()
      connection.stats().subscribe()
      peer.reply((await peer.sent('stats', 2 * count + 2)).at(-1)?.seq ?? -1, {})
      await settle()
    }
    expect(frames.map(({ header: { seq } }) => seq)).toEqual([2, 4, 6])
    connection.close()
  })
})

describe('request', () => {
  it('sends any command with any body, and emits what comes', async () => {
    const { peer, connection } = await ready()
    const coordinate = observe(connection.request('get-coordinate', { Node: 'a' }))
    const [sent] = await peer.sent('get-coordinate')
    expect(sent?.body).toEqual({ Node: 'a' })
    peer.reply(sent?.seq ?? -1, { Coord: { Vec: null }, Ok: false })
    await until('it has ended', () => coordinate.completed)
    expect(coordinate.values).toEqual([
      { header: { seq: sent?.seq, error: '' }, body: { Coord: { Vec: null }, Ok: false } },
    ])
    connection.close()
  })

  it('stops a stream when it is unsubscribed', async () => {
    const { peer, connection } = await ready()
    const raw = observe(connection.request('stream', { Type: 'user' }))
    const seq = await peer.seqOf('stream')
    peer.reply(seq)
    peer.reply(seq, { Event: 'user', Anything: [1, 'two', null] })
    await raw.find('the record', ({ body }) => body !== undefined)
    expect(raw.values).toEqual([
      { header: { seq, error: '' } },
      { header: { seq, error: '' }, body: { Event: 'user', Anything: [1, 'two', null] } },
    ])
    raw.unsubscribe()
    expect((await peer.sent('stop')).map(({ body }) => body)).toEqual([{ Stop: seq }])
    connection.close()
  })

  it('refuses at the call what would break the connection', () => {
    const connection = new Connection({ authKey: '' })
    expect(() => connection.request('members', {})).toThrow(TypeError)
    expect(() => connection.request('query', { Timeout: 1.5 })).toThrow(RangeError)
    expect(() => connection.request('event', { Name: 'a', Payload: new Date() })).toThrow(TypeError)
    connection.close()
  })
})
