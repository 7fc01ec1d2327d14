import { readFileSync } from 'node:fs'
import { codeOf, messageOf } from '../lib/system-error'
import { thrown } from './support/observe/thrown'

describe('an unknown thrown value', () => {
  it('gives its code and message, also when it comes from another realm', () => {
    const error = thrown(() => readFileSync('/no/such/file'))
    expect(codeOf(error)).toBe('ENOENT')
    expect(messageOf(error)).toContain('/no/such/file')
  })

  it.each([
    [new Error('text'), undefined, 'text'],
    [{ code: 7, message: 'text' }, undefined, 'text'],
    ['a string', undefined, 'a string'],
    [undefined, undefined, 'undefined'],
    [null, undefined, 'null'],
    [Object.create(null), undefined, 'a value that has no text'],
  ])('is read by its shape: %#', (thrown, code, message) => {
    expect(codeOf(thrown)).toBe(code)
    expect(messageOf(thrown)).toBe(message)
  })
})
