/** What an agent makes of the bytes that it is sent: as a real one does, seen on serf 0.9.4. */
import { TestAgent } from 'serfx/testing'
import { double } from '../support/wire/pack'
import { unpack } from '../support/wire/unpack'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

describe('a request to a TestAgent', () => {
  let agent: TestAgent
  let wire: WireConnection

  beforeAll(async () => {
    agent = await TestAgent.start({ name: 'self', tags: { role: 'web' } })
  })
  beforeEach(async () => {
    wire = await WireConnection.greeted(agent)
  })
  afterEach(() => wire.close())
  afterAll(() => agent.stop())

  const replies = async (count: number) => (await wire.received(count)).map(unpack)

  it('may come byte by byte', async () => {
    for (const byte of requestBytes('members-filtered', 2, { Name: 'self' })) wire.send(Buffer.from([byte]))
    expect(await replies(2)).toMatchObject([{ Seq: 2 }, { Members: [{ Name: 'self' }] }])
  })

  it('may repeat the command or seq of the last one by leaving it out', async () => {
    wire.send(requestBytes('members', 7))
    wire.send(hex('81 a7 436f6d6d616e64 a5 7374617473')) // {Command: 'stats'}
    wire.send(hex('81 a3 536571 09')) // {Seq: 9}
    expect((await replies(6)).map((reply) => (reply as { Seq?: number }).Seq)).toEqual([
      7,
      undefined,
      7,
      undefined,
      9,
      undefined,
    ])
  })

  it('may be an array of the fields in order, and have null for what is zero', async () => {
    wire.send(hex('92 a4 73746f70 0c 91 00')) // ['stop', 12] [0]
    wire.send(requestBytes('stop', 13, null))
    wire.send(hex('82 a7 436f6d6d616e64 a4 73746f70 a3 536571 c0 80')) // Seq: nil
    expect(await replies(3)).toEqual([
      { Error: '', Seq: 12 },
      { Error: '', Seq: 13 },
      { Error: '', Seq: 0 },
    ])
  })

  it('may have fields that nobody knows, in a case that counts', async () => {
    wire.send(requestBytes('get-coordinate', 2, { node: 'self', extra: [1, { a: null }], Node: 'nobody' }))
    expect(await replies(2)).toMatchObject([{ Seq: 2 }, { Ok: false }])
  })

  it.each([
    ['bin', hex('c4 02 6869')],
    ['str', hex('a2 6869')],
    ['an array of integers', hex('92 68 cc69')],
  ])('may have a payload as %s', async (_, payload) => {
    wire.send(requestBytes('stream', 2, { Type: 'user' }))
    await wire.received(1)
    const body = Buffer.concat([hex('82 a4 4e616d65 a1 78 a7 5061796c6f6164'), payload])
    wire.send(Buffer.concat([requestBytes('event', 3), body]))
    expect((await replies(4))[3]).toMatchObject({ Name: 'x', Payload: Buffer.from('hi') })
  })

  it('gets back strings that are not UTF-8 as they were', async () => {
    wire.send(requestBytes('tags', 2))
    wire.send(hex('81 a4 54616773 81 a3 626164 a3 61ff80')) // {Tags: {bad: 'a' ff 80}}
    await wire.received(1)
    wire.send(requestBytes('members', 3))
    const [, , members] = await wire.received(3)
    expect(members?.includes(hex('a3 626164 a3 61ff80'))).toBe(true)
    wire.send(requestBytes('tags', 4, { DeleteTags: ['bad'] }))
    await wire.received(4)
  })

  it.each([0, 2 ** 32 - 1, 2n ** 32n, 2n ** 53n + 1n, 2n ** 64n - 1n])(
    'gets back the seq %d',
    async (seq) => {
      wire.send(requestBytes('stop', seq, { Stop: 0 }))
      expect(await replies(1)).toEqual([{ Error: '', Seq: seq }])
    },
  )

  it.each([
    ['a float for an integer', requestBytes('query', 2, { Name: 'x', Timeout: double(1e10) })],
    ['bytes for a string', requestBytes('get-coordinate', 2, { Node: Buffer.from('self') })],
    ['an integer for a string', requestBytes('get-coordinate', 2, { Node: 1 })],
    ['a string for an integer', requestBytes('stop', 2, { Stop: '1' })],
    ['a relay factor of 256', requestBytes('query', 2, { Name: 'x', RelayFactor: 256 })],
    ['a negative seq', requestBytes('stop', -1, { Stop: 0 })],
    ['a float for a bool', requestBytes('event', 2, { Name: 'x', Coalesce: 0.5 })],
    ['an extension', Buffer.concat([requestBytes('stop', 2), hex('81 a4 53746f70 d40000')])],
    ['a byte that means nothing', hex('c1')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: serf\r\n\r\n')],
    ['a string of 4 GB', hex('db ffffffff')],
    ['a map for a header that is a string', hex('a5 7374617473')],
  ])('with %s is not answered: the agent hangs up', async (_, bytes) => {
    wire.send(bytes)
    expect(await wire.ended()).toMatch(/fin|ECONNRESET/)
    expect(wire.objects).toEqual([])
  })

  it('takes 1 and 0 for booleans', async () => {
    wire.send(requestBytes('event', 2, { Name: 'x', Coalesce: 1 }))
    expect(await replies(1)).toEqual([{ Error: '', Seq: 2 }])
  })

  it('without the body that belongs to it takes the next header for one', async () => {
    wire.send(requestBytes('stop', 2))
    wire.send(requestBytes('members', 3))
    wire.send(requestBytes('stats', 4))
    expect(await replies(3)).toMatchObject([{ Seq: 2 }, { Seq: 4 }, { agent: { name: 'self' } }])
  })

  it('is answered in turn, however many come at once', async () => {
    const seqs = Array.from({ length: 1_000 }, (_, index) => index + 2)
    wire.send(Buffer.concat(seqs.map((seq) => requestBytes('stop', seq, { Stop: 0 }))))
    expect((await replies(1_000)).map((reply) => (reply as { Seq: number }).Seq)).toEqual(seqs)
  })
})
