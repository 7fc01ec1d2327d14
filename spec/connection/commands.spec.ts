import { take } from 'rxjs'
import { ProtocolError, TimeoutError } from 'serfx'
import { observe } from '../support/observe/recording'
import { frame, header } from '../support/wire/pack'
import { expectUsable, ready } from '../support/peers/ready'
import { done, response } from '../support/wire/wire-records'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'
import { until } from '../support/time/until'

describe('a command', () => {
  it('is written with all others of its turn, in one write', async () => {
    const { peer, connection } = await ready()
    const before = peer.writes.length
    for (let count = 0; count < 20; count++) observe(connection.tags({ a: `${count}` }))
    observe(connection.stream())
    await peer.sent('stream')
    expect(peer.writes.length).toBe(before + 1)
    expect(peer.requests.map(({ seq }) => seq)).toEqual([
      1,
      ...Array.from({ length: 21 }, (_, index) => index + 2),
    ])
    connection.close()
  })

  it('is never sent when it is unsubscribed in its turn', async () => {
    const { peer, connection } = await ready()
    for (const reply$ of [
      connection.members(),
      connection.stream(),
      connection.monitor(),
      connection.query('q'),
    ])
      observe<unknown>(reply$).unsubscribe()
    await settle()
    expect(peer.commands).toEqual(['handshake'])
    await expectUsable({ peer, connection })
    connection.close()
  })

  it('can be unsubscribed before its reply, which is ignored', async () => {
    const { peer, connection } = await ready()
    const [members, joined, query] = [
      observe(connection.members()),
      observe(connection.join('a')),
      observe(connection.query('q')),
    ]
    const [first, second, third] = [
      await peer.seqOf('members'),
      await peer.seqOf('join'),
      await peer.seqOf('query'),
    ]
    for (const one of [members, joined, query]) one.unsubscribe()
    peer.reply(first, { Members: [{ Name: 'late' }] })
    peer.reply(second, { Num: 0 }, 'late too')
    peer.reply(third)
    peer.reply(third, response('late three'))
    peer.reply(third, done)
    await expectUsable({ peer, connection })
    expect([members.values, joined.values, query.values]).toEqual([[], [], []])
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it.each([1, 13, 100, 700])('can be unsubscribed when %d bytes of its reply have come', async (size) => {
    const { peer, connection } = await ready()
    const members = observe(connection.members())
    const seq = await peer.seqOf('members')
    const bytes = frame(seq, {
      Members: Array.from({ length: 50 }, (_, index) => ({ Name: `node-${index}` })),
    })
    expect(bytes.length).toBeGreaterThan(size)
    peer.send(bytes.subarray(0, size))
    await settle()
    members.unsubscribe()
    peer.send(bytes.subarray(size))
    await expectUsable({ peer, connection })
    expect([members.values, members.ended]).toEqual([[], false])
    connection.close()
  })

  it('that is a query can be unsubscribed after an answer; its end does not end the next query', async () => {
    const { peer, connection } = await ready()
    const first = observe(connection.query('q').pipe(take(1)))
    const firstSeq = await peer.seqOf('query')
    peer.send(
      Buffer.concat([header(firstSeq), frame(firstSeq, response('a')), frame(firstSeq, response('b'))]),
    )
    await until('it has its answer', () => first.completed)
    const second = observe(connection.query('q'))
    const secondSeq = (await peer.sent('query', 2)).at(-1)?.seq ?? -1
    peer.reply(secondSeq)
    peer.reply(firstSeq, done)
    peer.reply(firstSeq, response('late'))
    await expectUsable({ peer, connection })
    expect(second.ended).toBe(false)
    peer.reply(secondSeq, response('c'))
    peer.reply(secondSeq, done)
    await until('it has ended', () => second.completed)
    expect([first.values, second.values]).toMatchObject([[{ from: 'a' }], [{ from: 'c' }]])
    expect(peer.commands).not.toContain('stop')
    connection.close()
  })

  it('that takes too long times out alone; a late reply is ignored', async () => {
    const clock = new ManualClock()
    const { peer, connection } = await ready({ timeout: 50 }, clock)
    peer.answer = ({ command, seq }) => (command === 'stream' ? header(seq) : undefined)
    const stream = observe(connection.stream())
    const join = observe(connection.join('a'))
    await clock.pass(49)
    expect(join.ended).toBe(false)
    await clock.pass(1)
    const { error } = join
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/^join: .*peer:7373.* 50 ms/),
    })
    peer.reply(await peer.seqOf('join'), { Num: 1 })
    await expectUsable({ peer, connection })
    expect(stream.error).toBeUndefined()
    connection.close()
  })

  it('with a malformed reply errors alone', async () => {
    const { peer, connection } = await ready()
    const joined = observe(connection.join('a'))
    peer.reply(await peer.seqOf('join'), { Num: 'one' })
    await until('it has failed', () => joined.error)
    expect(joined.error).toBeInstanceOf(ProtocolError)
    expect(joined.error).toHaveProperty('message', expect.stringMatching(/^join: .*peer:7373/))
    await expectUsable({ peer, connection })
    connection.close()
  })

  it.each(['join', 'list-keys'] as const)(
    'that failed with a body (%s) leaves the next its own',
    async (command) => {
      const { peer, connection } = await ready()
      const failed = observe<unknown>(command === 'join' ? connection.join('a') : connection.listKeys())
      const members = observe(connection.members())
      const seqs = [await peer.seqOf(command), await peer.seqOf('members')] as const
      peer.send(
        Buffer.concat([
          frame(
            seqs[0],
            command === 'join' ? { Num: 0 } : { Keys: {}, Messages: {}, NumErr: 1, NumNodes: 1, NumResp: 1 },
            'no',
          ),
          frame(seqs[1], { Members: [{ Name: 'a' }] }),
        ]),
      )
      await expect(members.find('the members')).resolves.toMatchObject([{ name: 'a' }])
      expect(failed.error).toMatchObject({ code: 'AGENT_ERROR', command, body: expect.anything() })
      connection.close()
    },
  )

  it('that needs a key gets two errors from the agent, and the second is ignored', async () => {
    const { peer, connection } = await ready()
    const joined = observe(connection.join('a'))
    const seq = await peer.seqOf('join')
    peer.send(header(seq, 'Authentication required'), header(seq, 'Authentication required'))
    await until('it has failed', () => joined.error)
    expect(joined.error).toMatchObject({ code: 'AUTH_REQUIRED', body: undefined })
    await expectUsable({ peer, connection })
    connection.close()
  })
})

describe('a bad pattern in a filter', () => {
  it('is the error of its command; the others error with the loss of the connection', async () => {
    const { peer, connection } = await ready()
    const stream = observe(connection.stream())
    peer.reply(await peer.seqOf('stream'))
    const bad = observe(connection.membersFiltered({ name: '(' }))
    const behind = observe(connection.members())
    const worse = observe(connection.membersFiltered({ name: '[' }))
    await peer.sent('members-filtered', 2)
    peer.end()
    await until('all have ended', () => [stream, bad, behind, worse].every(({ error }) => error))
    expect(bad.error).toMatchObject({
      name: 'RpcError',
      code: 'INVALID_FILTER',
      command: 'members-filtered',
      message: expect.stringContaining('peer:7373'),
    })
    for (const { error } of [stream, behind, worse]) expect(error).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('is not blamed when the agent closes the connection over the command before it', async () => {
    const { peer, connection } = await ready()
    const unknown = observe(connection.request('no-such'))
    const filtered = observe(connection.membersFiltered({ name: '(' }))
    await peer.sent('members-filtered')
    peer.reply(await peer.seqOf('no-such'), undefined, 'Unsupported command')
    peer.end()
    await until('both have ended', () => unknown.error && filtered.error)
    expect(unknown.error).toMatchObject({ code: 'UNSUPPORTED_COMMAND' })
    expect(filtered.error).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('is not blamed when the agent was working on another command, or when the pattern cannot be bad', async () => {
    for (const name of ['(', 'node-1']) {
      const { peer, connection } = await ready()
      const before = name === '(' ? observe(connection.stats()) : undefined
      const filtered = observe(connection.membersFiltered({ name }))
      await peer.sent('members-filtered')
      peer.end()
      await until('both have ended', () => filtered.error)
      expect(filtered.error).toMatchObject({ code: 'CONNECTION_LOST' })
      if (before) expect(before.error).toMatchObject({ code: 'CONNECTION_LOST' })
    }
  })
})
