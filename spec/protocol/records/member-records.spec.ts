import { membersList, readMember, readMembers } from '../../../lib/protocol/records/member-records'
import { FAULT, readAs } from '../../support/wire/read-as'
import { Encoded, packEntries, type Packable } from '../../support/wire/pack'
import { wireFixture } from '../../support/wire/wire-fixtures'

const wireMember = (fields: { [key: string]: Packable } = {}) => ({
  Addr: Buffer.from([10, 0, 0, 1]),
  DelegateCur: 5,
  DelegateMax: 6,
  DelegateMin: 2,
  Name: 'node-a',
  Port: 7946,
  ProtocolCur: 2,
  ProtocolMax: 5,
  ProtocolMin: 1,
  Status: 'alive',
  Tags: { role: 'web' },
  ...fields,
})
const member = {
  name: 'node-a',
  addr: '10.0.0.1',
  port: 7946,
  tags: { role: 'web' },
  status: 'alive',
  protocolMin: 1,
  protocolMax: 5,
  protocolCur: 2,
  delegateMin: 2,
  delegateMax: 6,
  delegateCur: 5,
}

describe('a member', () => {
  it('has our names for the fields of Serf', () => {
    expect(readAs(readMember, wireMember())).toEqual(member)
  })

  it('is the same with its fields in any order, and with more of them', () => {
    const fields: { [key: string]: Packable } = wireMember({ Extra: ['later'] })
    const reversed = Object.fromEntries(Object.entries(fields).reverse())
    expect(readAs(readMember, reversed)).toEqual(member)
  })

  it.each(['none', 'alive', 'leaving', 'left', 'failed'])('may be %s', (status) => {
    expect(readAs(readMember, wireMember({ Status: status }))).toMatchObject({ status })
  })

  it('has no status where a later Serf has a new one', () => {
    expect(readAs(readMember, wireMember({ Status: 'asleep' }))).toMatchObject({ status: 'none' })
  })

  it('has zeros for what is nil or missing', () => {
    const zero = { ...member, addr: '', port: 0, tags: {}, status: 'none' }
    expect(readAs(readMember, wireMember({ Addr: null, Port: null, Tags: null, Status: null }))).toEqual(zero)
    expect(readAs(readMember, { Name: 'a' })).toMatchObject({
      name: 'a',
      addr: '',
      port: 0,
      tags: {},
      status: 'none',
    })
  })

  it.each([
    ['nil', null],
    ['an empty map', {}],
    ['a map without a name', wireMember({ Name: null })],
    ['a map with an empty name', wireMember({ Name: '' })],
    [
      'more tags than have room',
      wireMember({ Tags: Object.fromEntries(Array.from({ length: 257 }, (_, n) => [n, ''])) }),
    ],
  ])('is malformed when it is %s', (_, wire) => {
    expect(readAs(readMember, wire)).toBe(FAULT)
  })

  it('can have a tag __proto__, which is data', () => {
    const tags = new Encoded(
      packEntries([
        ['__proto__', 'x'],
        ['role', 'web'],
      ]),
    )
    const read = readAs(readMember, wireMember({ Tags: tags }))
    if (read === FAULT) throw new Error('not read')
    expect(Object.entries(read.tags)).toEqual([
      ['__proto__', 'x'],
      ['role', 'web'],
    ])
    expect(Object.getPrototypeOf(read.tags)).toBe(Object.prototype)
  })

  it.each([
    ['an address of three bytes', { Addr: Buffer.from([1, 2, 3]) }],
    ['an address that is text', { Addr: '10.0.0.1' }],
    ['a port that is text', { Port: '7946' }],
    ['a tag that is a number', { Tags: { role: 1 } }],
    ['tags that are a list', { Tags: [] }],
    ['a name that is bytes', { Name: Buffer.from('a') }],
  ])('is malformed with %s', (_, fields) => {
    expect(readAs(readMember, wireMember(fields))).toBe(FAULT)
  })
})

describe('a list of members', () => {
  it('is what a real agent sends', () => {
    expect(readAs(readMembers, wireFixture('members').reply[1] ?? Buffer.alloc(0))).toEqual([
      {
        name: 'node-a',
        addr: '127.0.0.1',
        port: expect.any(Number),
        tags: { role: 'web' },
        status: 'alive',
        protocolMin: 1,
        protocolMax: 5,
        protocolCur: 2,
        delegateMin: 2,
        delegateMax: 5,
        delegateCur: 5,
      },
    ])
  })

  it('can be empty, or nil', () => {
    expect(readAs(readMembers, wireFixture('members-filtered-none').reply[1] ?? Buffer.alloc(0))).toEqual([])
    expect(readAs(readMembers, { Members: null })).toEqual([])
  })

  it('has to be there', () => {
    expect(readAs(readMembers, {})).toBe(FAULT)
    expect(readAs(readMembers, { Num: 1 })).toBe(FAULT)
    expect(readAs(readMembers, { Members: { a: 1 } })).toBe(FAULT)
    expect(readAs(readMembers, { Members: ['node-a'] })).toBe(FAULT)
  })

  it('is distinguished from other bodies before its members arrive', () => {
    expect(readAs((reader) => membersList.open(reader), { Members: [] })).toBe(0)
    expect(readAs((reader) => membersList.open(reader) < 0, { Num: 1 })).toBe(FAULT) // read nothing
  })
})
