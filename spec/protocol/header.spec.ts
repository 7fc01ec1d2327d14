import { readHeader } from '../../lib/protocol/header'
import { Reader } from '../../lib/protocol/reader'
import { Scanner } from '../../lib/protocol/scanner'
import { double, encoded, header, pack, packEntries, type Packable } from '../support/wire/pack'
import { wireFixtures } from '../support/wire/wire-fixtures'

function read(bytes: Buffer) {
  const target = { seq: -1, error: 'untouched' }
  const reader = new Reader(new Scanner(1000))
  reader.begin(bytes, 0, bytes.length, true)
  return readHeader(reader, target) ? { ...target, end: reader.at } : undefined
}

describe('a header', () => {
  it.each([0, 1, 127, 128, 255, 65_536, 2 ** 32, 2 ** 53 - 1])('of success is read, with seq %i', (seq) => {
    const bytes = header(seq)
    expect(read(bytes)).toEqual({ seq, error: '', end: bytes.length })
  })

  it('of an error is read', () => {
    expect(read(header(300, 'Authentication required'))).toMatchObject({
      seq: 300,
      error: 'Authentication required',
    })
  })

  it('is read in the other order, and with nil for a zero', () => {
    expect(read(pack({ Seq: 5, Error: 'no' }))).toMatchObject({ seq: 5, error: 'no' })
    expect(read(pack({ Error: null, Seq: null }))).toMatchObject({ seq: 0, error: '' })
  })

  it.each([
    ['cut short', header(300).subarray(0, -1)],
    ['without Seq', pack({ Error: '' })],
    ['without Error', pack({ Seq: 1 })],
    ['with more fields', pack({ Error: '', More: 1, Seq: 1 })],
    ['with another field', pack({ Error: '', Seqq: 1 })],
    ['with its fields in small letters', pack({ error: '', seq: 1 })],
    [
      'with one field twice',
      packEntries([
        ['Seq', 1],
        ['Seq', 2],
      ]),
    ],
    ['with text for Seq', pack({ Error: '', Seq: '1' })],
    ['with a float for Seq', pack({ Error: '', Seq: double(1) } satisfies Packable)],
    ['with bytes for Error', pack({ Error: Buffer.from('no'), Seq: 1 })],
    ['as a list', pack(['', 1])],
    ['of nothing', Buffer.alloc(0)],
    ['as nil', pack(null)],
    ['as a map of two that ends', pack(encoded(0x82))],
  ])('is none %s', (_, bytes) => {
    expect(read(bytes)).toBeUndefined()
  })

  it('is distinguished from every body and record of a real agent', () => {
    const objects = wireFixtures.flatMap(({ reply }) => reply)
    const headers = objects.filter((bytes) => read(bytes) !== undefined)
    expect(headers.length).toBeGreaterThan(50)
    for (const bytes of objects) {
      const looksLikeOne = bytes.includes(pack('Error')) && bytes.includes(pack('Seq'))
      expect(read(bytes) !== undefined).toBe(looksLikeOne)
    }
  })
})
