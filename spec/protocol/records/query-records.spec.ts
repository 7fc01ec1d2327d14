import { readQueryRecord } from '../../../lib/protocol/records/query-records'
import { DONE, NOISE } from '../../../lib/protocol/records/sentinels'
import { FAULT, readAs } from '../../support/wire/read-as'
import type { Packable } from '../../support/wire/pack'
import { wireFixture } from '../../support/wire/wire-fixtures'

const read = (message: Packable | Buffer) => readAs(readQueryRecord, message)

describe('a record of a query', () => {
  it('is a response', () => {
    const response = read({ From: 'node-a', Payload: Buffer.from('3 ü'), Type: 'response' })
    expect(response).toMatchObject({
      type: 'response',
      from: 'node-a',
      payload: Buffer.from('3 ü'),
      text: '3 ü',
    })
    expect(read({ Type: 'response', Payload: Buffer.from('3 ü'), From: 'node-a' })).toEqual(response)
    expect(read({ From: 'node-a', Payload: null, Type: 'response' })).toMatchObject({
      payload: Buffer.alloc(0),
      text: '',
    })
  })

  it('is an ack', () => {
    expect(read({ From: 'node-a', Payload: null, Type: 'ack' })).toEqual({ type: 'ack', from: 'node-a' })
  })

  it('is the end', () => {
    expect(read({ From: '', Payload: null, Type: 'done' })).toBe(DONE)
  })

  it.each(['ack', 'response'])('is noise as an %s without a node', (Type) => {
    expect(read({ From: '', Payload: null, Type })).toBe(NOISE)
  })

  it('is passed over where a later Serf has a new kind', () => {
    expect(read({ From: 'node-a', Payload: null, Type: 'relayed' })).toBe(NOISE)
  })

  it.each<[string, Packable]>([
    ['of no kind', { From: 'node-a' }],
    ['that is text', 'done'],
    ['from a number', { From: 5, Payload: null, Type: 'response' }],
    ['with text for its payload', { From: 'a', Payload: 'text', Type: 'response' }],
  ])('is none %s', (_, record) => {
    expect(read(record)).toBe(FAULT)
  })

  it('is one of a real agent', () => {
    const records = wireFixture('query-answered').reply.filter((bytes) => bytes.includes('Type'))
    expect(records.map(read)).toEqual([
      { type: 'ack', from: 'node-a' },
      expect.objectContaining({ type: 'response', from: 'node-a', payload: Buffer.from('3 days') }),
      DONE,
    ])
  })
})
