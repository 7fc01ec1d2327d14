import * as fc from 'fast-check'
import { shorten } from '../../lib/jobs/shorten'

it('keeps what fits', () => {
  expect(shorten('日本', 6)).toBe('日本')
  expect(shorten('', 0)).toBe('')
})

it('cuts between two characters', () => {
  expect(shorten('日本語', 8)).toBe('日…')
  expect(shorten('🦀🦀🦀', 11)).toBe('🦀🦀…')
})

it('shows control characters as question marks', () => {
  expect(shorten('a\nb\u001b[2J\u0000', 20)).toBe('a?b?[2J?')
})

it('never gives more bytes than it may, nor half a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.integer({ min: 3, max: 300 }),
      (text, limit) => {
        const short = shorten(text, limit)
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(limit)
        expect(Buffer.from(short).toString()).toBe(short)
      },
    ),
  )
})
