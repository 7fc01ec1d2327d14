import * as serfx from 'serfx'

/** Every value that `serfx` gives: a name more or less is a decision, and is made here too. */
const VALUES = [
  'Connection',
  'ConnectionError',
  'HandlerError',
  'ProtocolError',
  'RpcError',
  'SerfError',
  'TimeoutError',
  'connect',
  'createClient',
  'filterMembers',
  'memberChanges',
  'ofMember',
  'ofQuery',
  'ofType',
  'ofUser',
  'respond',
  'rtt',
  'settle',
]

describe('serfx', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(serfx).sort()).toEqual([...VALUES].sort())
  })

  it('has errors of one family, each with its name', () => {
    const address = '127.0.0.1:7373'
    const errors = [
      new serfx.RpcError('no', { code: 'AGENT_ERROR', command: 'join', seq: 1, body: 0 }),
      new serfx.ConnectionError('gone', 'CONNECTION_LOST', address),
      new serfx.TimeoutError('late'),
      new serfx.ProtocolError('not it'),
      new serfx.HandlerError('no script', 'NO_EVENT'),
    ]
    for (const error of errors) {
      expect(error).toBeInstanceOf(serfx.SerfError)
      expect(error).toBeInstanceOf(Error)
      expect(error.name).toBe(error.constructor.name)
      expect(String(error)).toBe(`${error.name}: ${error.message}`)
    }
    expect(errors.map(({ code }) => code)).toEqual([
      'AGENT_ERROR',
      'CONNECTION_LOST',
      'TIMEOUT',
      'PROTOCOL_ERROR',
      'NO_EVENT',
    ])
  })

  it('has the cause in an error, and shows no body of it by accident', () => {
    const cause = new Error('why')
    expect(new serfx.ConnectionError('gone', 'CLOSED', 'a:1', { cause }).cause).toBe(cause)
    const refused = new serfx.RpcError('no', {
      code: 'AGENT_ERROR',
      command: 'list-keys',
      seq: 1,
      body: { keys: { secret: 1 } },
    })
    expect(refused.body).toEqual({ keys: { secret: 1 } })
    expect(JSON.stringify(refused)).not.toContain('secret')
    expect(Object.keys(refused)).not.toContain('body')
  })
})
