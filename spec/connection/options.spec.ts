import { connect, Connection } from 'serfx'
import { addressOf, parseAddress, resolveOptions } from '../../lib/connection/options'

const given = (value: unknown) => value as never
const MIB = 1024 * 1024

describe('options', () => {
  it('have defaults', () => {
    expect(resolveOptions({}, {})).toEqual({
      address: { host: '127.0.0.1', port: 7373 },
      authKey: '',
      timeout: 10_000,
      othersTimeout: 120_000,
      maxFrameBytes: 32 * MIB,
      socket: undefined,
    })
  })

  it('are as if they were not there where they are undefined', () => {
    const nothing = {
      host: undefined,
      port: undefined,
      authKey: undefined,
      timeout: undefined,
      maxFrameBytes: undefined,
      socket: undefined,
    }
    const env = { SERF_RPC_ADDR: '10.0.0.1:7000', SERF_RPC_AUTH: 'secret' }
    expect(resolveOptions(nothing, env)).toEqual(resolveOptions({}, env))
    expect(resolveOptions({}, env)).toMatchObject({
      address: { host: '10.0.0.1', port: 7000 },
      authKey: 'secret',
    })
  })

  it.each([
    [{ SERF_RPC_ADDR: '10.0.0.1:7000' }, {}, '10.0.0.1', 7000],
    [{ SERF_RPC_ADDR: '10.0.0.1:7000' }, { port: 1 }, '10.0.0.1', 1],
    [{ SERF_RPC_ADDR: '10.0.0.1:7000' }, { host: 'b' }, 'b', 7373],
    [{ SERF_RPC_ADDR: '10.0.0.1:7000' }, { host: 'b', port: 2 }, 'b', 2],
    [{ SERF_RPC_ADDR: '' }, {}, '127.0.0.1', 7373],
    [{ SERF_RPC_ADDR: 'agent' }, {}, 'agent', 7373],
    [{ SERF_RPC_ADDR: ':7000' }, {}, '127.0.0.1', 7000],
    [{ SERF_RPC_ADDR: '[::1]:7000' }, {}, '::1', 7000],
    [{ SERF_RPC_ADDR: '[fe80::1]' }, {}, 'fe80::1', 7373],
    [{ SERF_RPC_ADDR: 'nonsense:::' }, { host: 'b' }, 'b', 7373],
    [{}, { host: '::1' }, '::1', 7373],
    [{}, { port: 65_535 }, '127.0.0.1', 65_535],
  ])('take the address from %j and %j', (env, options, host, port) => {
    expect(resolveOptions(options, env).address).toEqual({ host, port })
  })

  it.each([
    [{}, {}, ''],
    [{ SERF_RPC_AUTH: 'env' }, {}, 'env'],
    [{ SERF_RPC_AUTH: 'env' }, { authKey: 'own' }, 'own'],
    [{ SERF_RPC_AUTH: 'env' }, { authKey: '' }, ''],
    [{ SERF_RPC_AUTH: '' }, {}, ''],
  ])('take the key from %j and %j', (env, options, authKey) => {
    expect(resolveOptions(options, env).authKey).toBe(authKey)
  })

  it('let a message have 1 GiB at most', () => {
    expect(resolveOptions({ maxFrameBytes: Number.MAX_SAFE_INTEGER }, {}).maxFrameBytes).toBe(1024 * MIB)
    expect(resolveOptions({ maxFrameBytes: 1024 * MIB - 1 }, {}).maxFrameBytes).toBe(1024 * MIB - 1)
  })

  it('give commands that wait for others more time, unless a time is given', () => {
    expect(resolveOptions({ timeout: 500 }, {})).toMatchObject({ timeout: 500, othersTimeout: 500 })
    expect(resolveOptions({ timeout: 0 }, {})).toMatchObject({ timeout: 0, othersTimeout: 0 })
  })

  it.each([
    [{ host: '' }, TypeError, 'host'],
    [{ host: 5 }, TypeError, 'host'],
    [{ port: 0 }, RangeError, 'port'],
    [{ port: 65_536 }, RangeError, 'port'],
    [{ port: '7373' }, TypeError, 'the option port must be an integer, not "7373"'],
    [{ timout: 5 }, TypeError, 'there is no "timout"; valid: host, port, authKey, timeout'],
    [null, TypeError, 'must be an object, not null'],
    [{ port: NaN }, RangeError, 'port'],
    [{ authKey: 5 }, TypeError, 'authKey'],
    [{ timeout: -1 }, RangeError, 'timeout'],
    [{ timeout: Infinity }, RangeError, 'timeout'],
    [{ timeout: 2 ** 31 }, RangeError, 'timeout'],
    [{ timeout: '5' }, TypeError, 'timeout'],
    [{ maxFrameBytes: 0 }, RangeError, 'maxFrameBytes'],
    [{ maxFrameBytes: 1.5 }, RangeError, 'maxFrameBytes'],
    [{ maxFrameBytes: Infinity }, RangeError, 'maxFrameBytes'],
  ])('are refused at the call: %j', (options, kind, name) => {
    for (const call of [
      () => new Connection(given(options)),
      () => connect(given(options)),
      () => connect(given(options), () => []),
    ]) {
      expect(call).toThrow(kind)
      expect(call).toThrow(name)
    }
  })

  it.each([
    'a:b',
    'a:0',
    'a:70000',
    'a:b:c',
    '::1',
    '[::1',
    '::1]:7373',
    'http://a:7373',
    'a:7373/',
    '[]:7373',
  ])('are refused where the environment has no address: %s', (address) => {
    expect(() => resolveOptions({}, { SERF_RPC_ADDR: address })).toThrow(/SERF_RPC_ADDR/)
  })

  it('come from the environment of the process', () => {
    const before = { ...process.env }
    try {
      Object.assign(process.env, { SERF_RPC_ADDR: '10.9.8.7:6543', SERF_RPC_AUTH: 'secret' })
      const connection = new Connection()
      expect([connection.host, connection.port]).toEqual(['10.9.8.7', 6543])
    } finally {
      process.env = before
    }
  })
})

describe('an address', () => {
  it('is written as it is typed', () => {
    expect(addressOf({ host: '127.0.0.1', port: 7373 })).toBe('127.0.0.1:7373')
    expect(addressOf({ host: '::1', port: 7373 })).toBe('[::1]:7373')
    expect(addressOf(parseAddress('[fe80::1]:80', 'it'))).toBe('[fe80::1]:80')
  })
})
