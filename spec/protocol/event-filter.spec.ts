import { type EventFilter, filterText } from '../../lib/protocol/event-filter'

describe('an event filter', () => {
  it.each([
    ['*', '*'],
    ['user', 'user'],
    ['member-join', 'member-join'],
    ['user:deploy', 'user:deploy'],
    ['query:a b ü', 'query:a b ü'],
  ] as [EventFilter, string][])('%s is what the agent understands', (filter, text) => {
    expect(filterText(filter)).toBe(text)
    expect(filterText([filter])).toBe(text)
  })

  it('is a list with commas', () => {
    expect(filterText(['user:deploy', 'query', 'member-failed'])).toBe('user:deploy,query,member-failed')
  })

  it.each([['user:a,b'], [['user:a', 'query:b,c']], ['user,query']])(
    '%j has a comma and is refused',
    (filter) => {
      expect(() => filterText(filter as EventFilter | EventFilter[])).toThrow(TypeError)
      expect(() => filterText(filter as EventFilter | EventFilter[])).toThrow(/comma/)
    },
  )

  it.each([[''], [[]], [['user', '']], [[5]], [null]])('%j is none', (filter) => {
    expect(() => filterText(filter as EventFilter)).toThrow(TypeError)
  })
})
