import { type Observable, take } from 'rxjs'
import { type Connection, ProtocolError, TimeoutError } from 'serfx'
import { observe } from '../support/observe/recording'
import { frame, header, type Packable } from '../support/wire/pack'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'
import { expectUsable, ready } from '../support/peers/ready'
import { userEvent } from '../support/wire/wire-records'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

const listeners: ['stream' | 'monitor', (connection: Connection) => Observable<unknown>][] = [
  ['stream', (connection) => connection.stream('user')],
  ['monitor', (connection) => connection.monitor('info')],
]

describe.each(listeners)('a %s', (command, listen) => {
  const record: Packable = command === 'stream' ? userEvent('e') : { Log: 'line' }

  it('is stopped, once, by its seq when it is unsubscribed, and its late records are swallowed', async () => {
    const { peer, connection } = await ready()
    const listening = observe(listen(connection))
    const seq = await peer.seqOf(command)
    peer.reply(seq)
    peer.reply(seq, record)
    await listening.find('a record')
    listening.unsubscribe()
    listening.unsubscribe()
    const [stop] = await peer.sent('stop')
    expect(stop?.body).toEqual({ Stop: seq })
    peer.reply(seq, record)
    peer.reply(stop?.seq ?? -1)
    peer.reply(seq, record)
    await expectUsable({ peer, connection })
    expect(listening.values).toHaveLength(1)
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(1)
    connection.close()
  })

  it('is stopped when it is unsubscribed before the agent has agreed', async () => {
    const { peer, connection } = await ready()
    const listening = observe(listen(connection))
    const seq = await peer.seqOf(command)
    listening.unsubscribe()
    expect((await peer.sent('stop'))[0]?.body).toEqual({ Stop: seq })
    peer.reply(seq)
    peer.reply(seq, record)
    await expectUsable({ peer, connection })
    expect([listening.values, listening.ended]).toEqual([[], false])
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(1)
    connection.close()
  })

  it('is stopped in the middle of a record, at any byte of it, and that record is swallowed', async () => {
    const { peer, connection } = await ready()
    const seqs: number[] = []
    for (let cut = 1; cut < frame(2, record).length; cut++) {
      const listening = observe(listen(connection))
      const seq = Number((await peer.sent(command, cut)).at(-1)?.seq)
      const bytes = frame(seq, record)
      peer.send(Buffer.concat([header(seq), bytes.subarray(0, cut)]))
      await settle()
      listening.unsubscribe()
      peer.send(bytes.subarray(cut))
      await expectUsable({ peer, connection })
      expect([listening.values, listening.ended]).toEqual([[], false])
      seqs.push(seq)
    }
    expect((await peer.sent('stop', seqs.length)).map(({ body }) => body)).toEqual(
      seqs.map((seq) => ({ Stop: seq })),
    )
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(seqs.length)
    connection.close()
  })

  it('is stopped by take(1), within its own record', async () => {
    const { peer, connection } = await ready()
    const first = valueOf(listen(connection).pipe(take(1)))
    const seq = await peer.seqOf(command)
    peer.send(Buffer.concat([header(seq), frame(seq, record), frame(seq, record)]))
    await first
    await peer.sent('stop')
    await expectUsable({ peer, connection })
    expect(peer.commands.filter((name) => name === 'stop')).toHaveLength(1)
    connection.close()
  })

  it('is not stopped where the agent has refused it', async () => {
    const { peer, connection } = await ready()
    const listening = observe(listen(connection))
    peer.reply(await peer.seqOf(command), undefined, 'Monitor already exists')
    await until('it has failed', () => listening.error)
    await expectUsable({ peer, connection })
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('is stopped after a malformed record, or when no reply came', async () => {
    const clock = new ManualClock()
    const { peer, connection } = await ready({ timeout: 50 }, clock)
    const silent = observe(listen(connection))
    await clock.pass(50)
    expect(silent.error).toBeInstanceOf(TimeoutError)
    await peer.sent('stop')
    peer.answer = (request) =>
      request.command === command
        ? Buffer.concat([header(request.seq), frame(request.seq, ['none'])])
        : undefined
    const garbled = observe(listen(connection))
    const seq = (await peer.sent(command, 2)).at(-1)?.seq ?? -1
    await until('it has failed', () => garbled.error)
    expect(garbled.error).toBeInstanceOf(ProtocolError)
    expect((await peer.sent('stop', 2)).map(({ body }) => body)).toEqual([{ Stop: seq - 2 }, { Stop: seq }])
    connection.close()
  })
})
