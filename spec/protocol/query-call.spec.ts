import { queryCall } from '../../lib/protocol/query-call'

describe('the call of a query', () => {
  it('has every field of Serf, with defaults', () => {
    expect(queryCall('uptime')).toMatchObject({
      command: 'query',
      body: {
        Name: 'uptime',
        Payload: null,
        FilterNodes: [],
        FilterTags: {},
        RequestAck: false,
        RelayFactor: 0,
        Timeout: 0n,
      },
    })
  })

  it('has the options under the names of Serf', () => {
    const { body } = queryCall('uptime', 'x', {
      filterNodes: ['a'],
      filterTags: { role: 'web' },
      requestAck: true,
      relayFactor: 255,
      timeout: 15_000,
    })
    expect(body).toEqual({
      Name: 'uptime',
      Payload: Buffer.from('x'),
      FilterNodes: ['a'],
      FilterTags: { role: 'web' },
      RequestAck: true,
      RelayFactor: 255,
      Timeout: 15_000_000_000n,
    })
  })

  it('has its timeout in whole nanoseconds', () => {
    expect(queryCall('q', undefined, { timeout: 1.0000005 }).body).toMatchObject({ Timeout: 1_000_001n })
    expect(queryCall('q', undefined, { timeout: 2 ** 31 - 1 }).body).toMatchObject({
      Timeout: (2n ** 31n - 1n) * 1_000_000n,
    })
  })

  it.each([
    [undefined, 15_000],
    [1, 1001],
    [60_000, 61_000],
    // The longest time that a timer can hold.
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('with the timeout %p ends after %p ms at the latest', (timeout, endsAfter) => {
    expect(queryCall('q', undefined, { timeout }).endsAfter).toBe(endsAfter)
  })

  const given = (value: unknown) => value as never
  it.each<[string, () => unknown, string]>([
    ['no name', () => queryCall(''), 'the name of a query'],
    ['a flag that is text', () => queryCall('a', '', { requestAck: given('yes') }), 'requestAck'],
    ['an empty name of a node', () => queryCall('a', '', { filterNodes: ['', 'a'] }), 'filterNodes'],
    ['one name as a filter', () => queryCall('a', '', { filterNodes: given('node') }), 'filterNodes'],
    ['null for the nodes', () => queryCall('a', '', { filterNodes: given(null) }), 'filterNodes'],
    ['null for the tags', () => queryCall('a', '', { filterTags: given(null) }), 'filterTags'],
    ['null for a relay factor', () => queryCall('a', '', { relayFactor: given(null) }), 'relayFactor'],
    ['a timeout that is text', () => queryCall('a', '', { timeout: given('1000') }), 'not "1000"'],
    [
      'an option that does not exist',
      () => queryCall('a', '', given({ timout: 1 })),
      'the options of query: there is no "timout"; valid: filterNodes',
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })

  it.each([0, 0.5, -1, NaN, Infinity, 2 ** 31, 2 ** 63])('refuses a timeout of %s', (timeout) => {
    expect(() => queryCall('q', undefined, { timeout })).toThrow(RangeError)
  })

  it.each([-1, 256, 0.5, NaN])('refuses a relay factor of %s', (relayFactor) => {
    expect(() => queryCall('q', undefined, { relayFactor })).toThrow(RangeError)
  })
})
