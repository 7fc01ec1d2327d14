import { connect, Connection, type ConnectionOptions } from '../../lib'
import { resolveOptions } from '../../lib/connection/options'

describe('options', () => {
  test.each<[string, ConnectionOptions, NodeJS.ProcessEnv, string, number]>([
    ['nothing given', {}, {}, '127.0.0.1', 7373],
    ['the environment', {}, { SERF_RPC_ADDR: '10.0.0.1:99' }, '10.0.0.1', 99],
    ['the environment, IPv6', {}, { SERF_RPC_ADDR: '[::1]:99' }, '::1', 99],
    ['the environment, a host alone', {}, { SERF_RPC_ADDR: 'db' }, 'db', 7373],
    ['the environment, a port alone', {}, { SERF_RPC_ADDR: ':99' }, '127.0.0.1', 99],
    ['the environment, empty', {}, { SERF_RPC_ADDR: '' }, '127.0.0.1', 7373],
    ['a port over that of the environment', { port: 5 }, { SERF_RPC_ADDR: 'db:99' }, 'db', 5],
    [
      'a host of your own: 7373, not the port of the environment',
      { host: 'h' },
      { SERF_RPC_ADDR: 'db:99' },
      'h',
      7373,
    ],
    ['both', { host: 'h', port: 5 }, { SERF_RPC_ADDR: 'nonsense:::' }, 'h', 5],
    [
      'undefined keeps the default',
      { host: undefined, port: undefined },
      { SERF_RPC_ADDR: 'db:99' },
      'db',
      99,
    ],
  ])('%s', (_name, options, env, host, port) => {
    expect(resolveOptions(options, env).address).toEqual({ host, port })
  })

  test('the key: option, environment, none; an empty one is none, whatever the environment says', () => {
    const env = { SERF_RPC_AUTH: 'env' }
    expect(resolveOptions({}, {}).authKey).toBe('')
    expect(resolveOptions({}, env).authKey).toBe('env')
    expect(resolveOptions({ authKey: undefined }, env).authKey).toBe('env')
    expect(resolveOptions({ authKey: 'own' }, env).authKey).toBe('own')
    expect(resolveOptions({ authKey: '' }, env).authKey).toBe('')
  })

  test('undefined keeps every other default', () => {
    const given = { timeout: undefined, maxFrameBytes: undefined, socket: undefined, authKey: undefined }
    expect(resolveOptions(given, {})).toEqual(resolveOptions({}, {}))
    expect(resolveOptions({}, {})).toMatchObject({
      timeout: 10_000,
      othersTimeout: 120_000,
      maxFrameBytes: 32 * 1024 * 1024,
    })
    expect(resolveOptions({ timeout: 0 }, {})).toMatchObject({ timeout: 0, othersTimeout: 0 })
  })

  test('the environment is read at the call', () => {
    const before = process.env['SERF_RPC_ADDR']
    process.env['SERF_RPC_ADDR'] = '[fe80::1]:1234'
    try {
      expect(new Connection()).toMatchObject({ host: 'fe80::1', port: 1234 })
      process.env['SERF_RPC_ADDR'] = 'a:b:c'
      expect(() => new Connection()).toThrow(/SERF_RPC_ADDR.*host:port.*"a:b:c"/)
      expect(() => connect()).toThrow(TypeError)
      expect(() => connect(() => [])).toThrow(TypeError)
    } finally {
      if (before === undefined) delete process.env['SERF_RPC_ADDR']
      else process.env['SERF_RPC_ADDR'] = before
    }
  })

  const bad: [object, typeof TypeError | typeof RangeError][] = [
    [{ host: '' }, TypeError],
    [{ host: 5 }, TypeError],
    [{ port: 0 }, RangeError],
    [{ port: 65536 }, RangeError],
    [{ port: 1.5 }, RangeError],
    [{ port: '7373' }, RangeError],
    [{ authKey: 5 }, TypeError],
    [{ timeout: -1 }, RangeError],
    [{ timeout: NaN }, RangeError],
    [{ timeout: 2 ** 31 }, RangeError],
    [{ timeout: Infinity }, RangeError],
    [{ timeout: '5' }, RangeError],
    [{ maxFrameBytes: 0 }, RangeError],
    [{ maxFrameBytes: Infinity }, RangeError],
    [{ socket: 'a path' }, TypeError],
  ]
  test.each(bad)('%p is refused at the call', (options, kind) => {
    expect(() => new Connection(options)).toThrow(kind)
    expect(() => connect(options)).toThrow(kind)
    expect(() => connect(options, () => [])).toThrow(kind)
  })

  test('no message shows a key', () => {
    expect(() => new Connection({ authKey: 'sesame', port: 0 })).toThrow(/^(?!.*sesame)/)
  })
})
