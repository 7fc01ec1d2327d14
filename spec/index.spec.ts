import * as serfx from '../lib'

/** Everything that `serfx` exports by name; types leave no trace here. Whoever adds to the public surface adds here. */
const NAMES = [
  'Connection',
  'ConnectionError',
  'HandlerError',
  'ProtocolError',
  'RpcError',
  'SerfError',
  'TimeoutError',
  'connect',
  'rtt',
]

test('serfx exports these names and no others', () => {
  expect(Object.keys(serfx).sort()).toEqual(NAMES)
})

test('the errors have one base, and tell themselves apart', () => {
  const { ConnectionError, HandlerError, ProtocolError, RpcError, SerfError, TimeoutError } = serfx
  const errors = [
    new ConnectionError('m', 'CLOSED', 'h:1'),
    new HandlerError('m', 'C'),
    new ProtocolError('m'),
    new RpcError('m', { code: 'AGENT_ERROR', command: 'join', seq: 1, body: 2 }),
    new TimeoutError('m'),
  ]
  for (const error of errors) {
    expect(error).toBeInstanceOf(SerfError)
    expect(error.name).toBe(error.constructor.name)
    expect(errors.filter((other) => other instanceof error.constructor)).toEqual([error])
  }
})
