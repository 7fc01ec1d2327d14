import { HandlerError } from '../../lib/errors'
import { parseMemberLines } from '../../lib/handler/member-lines'
import { thrown } from '../support/observe/thrown'

describe('parseMemberLines', () => {
  it('makes a member of each line, and keeps the line', () => {
    expect(parseMemberLines('a\t10.0.0.1\tweb\trole=web,dc=eu\nb\tfe80::1\t\t\n')).toEqual([
      {
        name: 'a',
        addr: '10.0.0.1',
        role: 'web',
        tags: { role: 'web', dc: 'eu' },
        raw: 'a\t10.0.0.1\tweb\trole=web,dc=eu',
      },
      { name: 'b', addr: 'fe80::1', role: '', tags: {}, raw: 'b\tfe80::1\t\t' },
    ])
  })

  it('undoes how the agent writes tabs and newlines, in name, role and tags', () => {
    const [member] = parseMemberLines('a\\tb\t::1\tx\\ny\tnote=1\\t2\\n3,role=x\\ny\n')
    expect(member).toEqual({
      name: 'a\tb',
      addr: '::1',
      role: 'x\ny',
      tags: { role: 'x\ny', note: '1\t2\n3' },
      raw: 'a\\tb\t::1\tx\\ny\tnote=1\\t2\\n3,role=x\\ny',
    })
  })

  it.each([
    ['no data', '', 0],
    ['a last line without newline', 'a\t::1\t\t', 1],
    ['fields that a later agent may append', 'a\t::1\tweb\trole=web\t7946\n', 1],
  ])('accepts %s', (_name, text, count) => {
    expect(parseMemberLines(text)).toHaveLength(count)
  })

  it.each([
    ['a line with too few fields', 'a\t::1\tweb\nb\t::1\tweb\t\n', 1],
    ['an empty line', 'a\t::1\t\t\n\nb\t::1\t\t\n', 2],
    ['what is no member at all', 'foo', 1],
  ])('refuses %s, and says which', (_name, text, line) => {
    const error = thrown(() => parseMemberLines(text))
    expect(error).toBeInstanceOf(HandlerError)
    expect(error).toMatchObject({
      code: 'INVALID_MEMBER',
      message: expect.stringContaining(`stdin, line ${line}: `),
    })
  })
})
