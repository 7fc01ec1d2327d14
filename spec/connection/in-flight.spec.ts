import { observe } from '../support/observe/recording'
import { frame, header, pack } from '../support/wire/pack'
import { expectUsable, ready } from '../support/peers/ready'
import { done, response, userEvent } from '../support/wire/wire-records'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'

describe('many requests at once', () => {
  it('get their own replies, in any order and any pieces, among records of streams and queries', async () => {
    const { peer, connection } = await ready()
    const count = 5000
    const stream = observe(connection.stream('user'))
    const queries = Array.from({ length: 20 }, () => observe(connection.query('q')))
    const joins = Array.from({ length: count }, (_, index) => observe(connection.join(`${index}`)))
    const seq = await peer.seqOf('stream')
    const querySeqs = (await peer.sent('query', 20)).map((sent) => sent.seq)
    const joinSeqs = (await peer.sent('join', count)).map((sent) => ({
      seq: sent.seq,
      body: sent.body as { Existing: string[] },
    }))
    const frames: Buffer[] = [header(seq), ...querySeqs.map((one) => header(one))]
    // From the last to the first: nothing may depend on the order.
    joinSeqs.reverse().forEach((join, index) => {
      frames.push(frame(join.seq, { Num: Number(join.body.Existing[0]) }, index % 7 === 0 ? 'no' : ''))
      if (index % 5 === 0) frames.push(frame(seq, userEvent(`e${index}`)))
      const asked = querySeqs[index % 20]
      if (index % 3 === 0 && asked !== undefined) frames.push(frame(asked, response(`n${index}`)))
    })
    frames.push(...querySeqs.map((one) => frame(one, done)), pack({ Error: '', Seq: 1_000_000 }))
    const bytes = Buffer.concat(frames)
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 997) + 100)
      peer.send(bytes.subarray(at, at + size))
    await until('all have ended', () => joins.every(({ completed, error }) => completed || error))
    joins.forEach((join, index) => {
      if ((count - 1 - index) % 7 === 0) expect(join.error).toMatchObject({ body: index })
      else expect(join.values).toEqual([index])
    })
    expect(stream.values.map(({ name }) => name)).toEqual(
      Array.from({ length: count / 5 }, (_, index) => `e${index * 5}`),
    )
    expect(queries.every(({ completed }) => completed)).toBe(true)
    expect(queries.flatMap(({ values }) => values)).toHaveLength(Math.ceil(count / 3))
    await expectUsable({ peer, connection })
    stream.unsubscribe()
    connection.close()
  })

  it('hear of the end at once, all of them', async () => {
    const { peer, connection } = await ready()
    const all = Array.from({ length: 5000 }, () => observe(connection.members()))
    await peer.sent('members', 5000)
    peer.end()
    await settle()
    expect(all.filter(({ error }) => error === undefined)).toEqual([])
  })
})
