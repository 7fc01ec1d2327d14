import { inspect } from 'node:util'
import { of } from 'rxjs'
import { readEvent, type Responder } from '../../../lib/protocol/records/event-records'
import { NOISE } from '../../../lib/protocol/records/sentinels'
import { FAULT, readAs } from '../../support/wire/read-as'
import { encoded, type Packable } from '../../support/wire/pack'
import { wireFixture } from '../../support/wire/wire-fixtures'

const responder = jest.fn<ReturnType<Responder>, Parameters<Responder>>(() => of(undefined))
const read = (message: Packable | Buffer) => readAs((reader) => readEvent(reader, responder), message)
const last = (name: string) =>
  wireFixture(name).reply.findLast((bytes) => bytes.includes('Event')) ?? Buffer.alloc(0)

const user = { Coalesce: true, Event: 'user', LTime: 7, Name: 'deploy', Payload: Buffer.from('v1 ü') }

describe('a record of a stream', () => {
  it('is a user event', () => {
    expect(read(user)).toEqual(
      expect.objectContaining({
        type: 'user',
        name: 'deploy',
        ltime: 7,
        coalesce: true,
        payload: Buffer.from('v1 ü'),
      }),
    )
    expect(read(user)).toHaveProperty('text', 'v1 ü')
    expect(read(last('stream-user'))).toMatchObject({ type: 'user', coalesce: expect.any(Boolean) })
  })

  it('is the same user event in any order', () => {
    const reversed = Object.fromEntries(Object.entries(user).reverse()) as typeof user
    expect(read(reversed)).toEqual(read(user))
    expect(read({ ...user, Later: 1 })).toEqual(read(user))
  })

  it('has an empty payload where none was sent', () => {
    expect(read({ ...user, Payload: null })).toMatchObject({ payload: Buffer.alloc(0), text: '' })
    expect(read(last('stream-user-empty'))).toMatchObject({ payload: Buffer.alloc(0), text: '' })
  })

  it('is a query, answered over the connection that brought it', () => {
    const query = read({ Event: 'query', ID: 2n ** 60n, LTime: 3, Name: 'uptime', Payload: Buffer.from('?') })
    expect(query).toMatchObject({ type: 'query', name: 'uptime', ltime: 3, id: 2n ** 60n, text: '?' })
    if (typeof query !== 'object' || query.type !== 'query') throw new Error('not a query')
    query.respond('3 days')
    expect(responder).toHaveBeenLastCalledWith(2n ** 60n, '3 days')
    expect(inspect(query)).not.toContain('responder')
    expect(read(last('stream-query'))).toMatchObject({ type: 'query', id: expect.any(Number) })
  })

  it.each(['member-join', 'member-leave', 'member-failed', 'member-update', 'member-reap'])(
    'is a %s',
    (type) => {
      expect(read({ Event: type, Members: [{ Name: 'a' }, { Name: 'b' }] })).toEqual({
        type,
        members: [expect.objectContaining({ name: 'a' }), expect.objectContaining({ name: 'b' })],
      })
    },
  )

  it('is one of a real agent', () => {
    expect(read(last('stream-member-update'))).toMatchObject({
      type: 'member-update',
      members: [{ name: 'node-a' }],
    })
  })

  it('is passed over where a later Serf has a new kind', () => {
    expect(read({ Event: 'member-asleep', Members: [] })).toBe(NOISE)
  })

  it.each<[string, Packable]>([
    ['of no kind', { LTime: 1 }],
    ['that is a list', ['user']],
    ['with a name that is bytes', { ...user, Name: Buffer.from('deploy') }],
    ['with a payload that is text', { ...user, Payload: 'v1' }],
    ['with a float for its time', { ...user, LTime: encoded(0xcb, 0, 0, 0, 0, 0, 0, 0, 0) }],
    ['with one member that is none', { Event: 'member-join', Members: [5] }],
  ])('is none %s', (_, record) => {
    expect(read(record)).toBe(FAULT)
  })
})
