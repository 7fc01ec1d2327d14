/**
 * How an agent reads bodies that no proper client sends: its codec is loose in places, and reads on in
 * silence in others.
 */
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

/** A request whose body has one field, its value given in bytes. */
const requestOf = (command: string, field: string, value: string) =>
  Buffer.concat([
    requestBytes(command, 5),
    Buffer.from([0x81, 0xa0 | field.length]),
    Buffer.from(field),
    hex(value),
  ])

describe.each(agentKinds)('bodies in an odd encoding, on $kind', ({ start }) => {
  let agent: Agent
  let wire: WireConnection

  beforeAll(async () => {
    agent = await start({ name: 'reader', tags: { a: 'set' } })
  })
  beforeEach(async () => {
    wire = await WireConnection.greeted(agent)
  })
  afterEach(() => wire.close())
  afterAll(() => stopAll(agent))

  const tags = async () => {
    wire.send(requestBytes('members', 9))
    const replies = (await wire.decoded(3)) as { Members?: { Tags: Record<string, string> }[] }[]
    return replies[2]?.Members?.[0]?.Tags
  }

  it('reads the keys and values of a map where a list belongs', async () => {
    wire.send(requestOf('tags', 'DeleteTags', '81 a161 c0')) // {a: nil}

    expect(await wire.decoded(1)).toEqual([{ Error: '', Seq: 5 }])
    expect(await tags()).toEqual({})
  })

  it('reads 0 and a byte as the length of a map', async () => {
    wire.send(requestOf('tags', 'Tags', '00 01 a162 a163')) // {b: 'c'}

    expect(await wire.decoded(1)).toEqual([{ Error: '', Seq: 5 }])
    expect(await tags()).toEqual({ b: 'c' })
    wire.send(requestBytes('tags', 6, { DeleteTags: ['b'] }))
    await wire.received(4)
  })

  it('reads an unsigned integer that is too large for a signed one as a negative one', async () => {
    wire.send(requestOf('query', 'Timeout', 'cf ffffffffffffffff'))

    expect((await wire.decoded(1))[0]).toEqual({ Error: '', Seq: 5 })
  })

  it.each([
    {
      sent: '-1',
      place: 'a string',
      request: requestOf('get-coordinate', 'Node', 'ff'),
      rest: '61'.repeat(95),
    },
    { sent: '-32', place: 'a string', request: requestOf('event', 'Name', 'e0'), rest: '61'.repeat(64) },
    { sent: '-1', place: 'a map', request: requestOf('tags', 'Tags', 'ff'), rest: 'a0a0'.repeat(127) },
    {
      sent: 'an empty list',
      place: 'a map',
      request: requestOf('tags', 'Tags', '90'),
      rest: 'a0a0'.repeat(16),
    },
    {
      sent: 'an empty string',
      place: 'a map',
      request: requestOf('tags', 'Tags', 'a0'),
      rest: 'a0a0'.repeat(32),
    },
  ])('waits in silence for more where $sent comes for $place', async ({ request, rest }) => {
    wire.send(request)
    using other = await WireConnection.greeted(agent)
    await other.settled()
    expect(wire.objects).toEqual([])
    expect(wire.ending).toBeUndefined()

    wire.send(hex(rest))

    expect((await wire.decoded(1))[0]).toMatchObject({ Error: '', Seq: 5 })
  })

  it.each([
    { sent: 'a positive integer', place: 'a string', request: requestOf('get-coordinate', 'Node', '01') },
    {
      sent: 'an integer of one byte',
      place: 'a string',
      request: requestOf('get-coordinate', 'Node', 'd0ff'),
    },
    { sent: 'an integer', place: 'a list', request: requestOf('tags', 'DeleteTags', 'ff') },
    { sent: 'a string', place: 'a list', request: requestOf('tags', 'DeleteTags', 'a161') },
    { sent: 'a string', place: 'a body', request: Buffer.concat([requestBytes('tags', 5), hex('a161')]) },
    { sent: 'a negative integer', place: 'an id', request: requestOf('respond', 'ID', 'ff') },
    { sent: 'a byte that begins no value', place: 'an unknown field', request: requestOf('tags', 'X', 'c1') },
  ])('hangs up where $sent comes for $place', async ({ request }) => {
    wire.send(request)

    expect(await wire.ended()).toBe('fin')
    expect(wire.objects).toEqual([])
  })
})
