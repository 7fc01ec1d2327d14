import { parseTagList } from '../../lib/handler/tag-list'

describe('parseTagList', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['nothing', '', '', {}],
    ['one tag', 'a=1', '', { a: '1' }],
    ['several', 'a=1,role=web,b=2', 'web', { a: '1', role: 'web', b: '2' }],
    ['an empty value', 'a=,b=2', '', { a: '', b: '2' }],
    ['an empty role', 'role=,b=2', '', { role: '', b: '2' }],
    ['a value with =', 'a=x=y==,b=2', '', { a: 'x=y==', b: '2' }],
    ['a value with commas', 'a=1,2,,3,b=2', '', { a: '1,2,,3', b: '2' }],
    ['a value that ends in a comma', 'a=1,,b=2', '', { a: '1,', b: '2' }],
    ['a value with something like a tag after a blank', 'a=x, y=z,b=2', '', { a: 'x, y=z', b: '2' }],
    ['a value with blanks, tabs and newlines', 'a=x \t\ny,b=2', '', { a: 'x \t\ny', b: '2' }],
    [
      'a name that every object has',
      '__proto__=1,constructor=2',
      '',
      JSON.parse('{"__proto__":"1","constructor":"2"}') as Record<string, string>,
    ],
    ['a role alone', 'role=web', 'web', { role: 'web' }],
    ['a role with something like a tag in it, first', 'role=a,b=c,d=e', 'a,b=c', { role: 'a,b=c', d: 'e' }],
    ['a role with something like a tag in it, last', 'd=e,role=a,b=c', 'a,b=c', { role: 'a,b=c', d: 'e' }],
    ['a role that starts like another', 'role=web2', 'web', { role: 'web2' }],
    ['a tag whose name ends in role', 'my-role=web,role=web', 'web', { 'my-role': 'web', role: 'web' }],
    ['text without any =', 'abc', '', { abc: '' }],
  ])('%s', (_name, list, role, tags) => {
    expect(parseTagList(list, role)).toEqual(tags)
  })

  it('makes plain data of a tag named __proto__', () => {
    const tags = parseTagList('__proto__=1', '')
    expect(Object.keys(tags)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype)
  })

  it('takes time in proportion to its input, whatever that is', () => {
    const list = `a=${',x'.repeat(500_000)}`
    expect(parseTagList(list, '')).toEqual({ a: list.slice(2) })
  })
})
