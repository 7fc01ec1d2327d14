import { rawCall } from '../../lib/protocol/raw-call'

describe('a raw call', () => {
  it.each([
    ['query', undefined, {}],
    ['get-coordinate', { Node: 'a' }, { Node: 'a' }],
    ['members', undefined, undefined],
    ['no-such', [1], [1]],
    ['no-such', undefined, undefined],
  ])('of %s with the body %j sends %j', (command, body, sent) => {
    const call = rawCall(command, body)
    expect(call.command).toBe(command)
    expect(call.body).toEqual(sent)
  })

  it.each([
    ['query', { Name: 'q', Timeout: 2_000_000_000 }, 3000],
    ['query', { Name: 'q' }, 15_000],
    // The longest time that a timer can hold.
    ['query', { Timeout: 2n ** 63n }, 2 ** 31 - 1],
    ['stream', undefined, undefined],
  ])('of %s with the body %p ends after %p ms at the latest', (command, body, endsAfter) => {
    expect(rawCall(command, body).endsAfter).toBe(endsAfter)
  })

  it.each<[string, () => unknown, string]>([
    ['a body that the agent would not read', () => rawCall('members', {}), 'members takes no body'],
    ['null as such a body', () => rawCall('leave', null), 'leave takes no body'],
    ['no name', () => rawCall(''), 'a command'],
    ['a value that the wire cannot carry', () => rawCall('event', { Name: new Date() }), 'the body.Name'],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })

  it('of members-filtered is risky, because its patterns may be bad', () => {
    expect(rawCall('members-filtered', { Name: '(' }).risky).toBe(true)
    expect(rawCall('members').risky).toBe(false)
  })
})
