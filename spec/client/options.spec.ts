import { resolveClientOptions } from '../../lib/client/options'
import { createClient } from '../../lib/index'

describe('client options', () => {
  it('has every default in its place', () => {
    expect(resolveClientOptions({}, {})).toMatchObject({
      connections: [{ address: { host: '127.0.0.1', port: 7373 }, timeout: 10_000, othersTimeout: 120_000 }],
      backoff: { initialDelay: 100, maxDelay: 10_000 },
      maxRetries: Infinity,
      heartbeat: 0,
      watchDrops: false,
    })
  })

  it('takes options that are undefined for not given', () => {
    const given = { reconnect: { initialDelay: undefined, maxRetries: undefined }, heartbeat: undefined }
    expect(resolveClientOptions(given, {})).toEqual(resolveClientOptions({}, {}))
  })

  it('lets addresses take the place of host, port and SERF_RPC_ADDR', () => {
    const { connections } = resolveClientOptions(
      { addresses: ['10.0.0.1:1', '[::1]:2', 'three'], host: 'other', port: 9, authKey: 'k' },
      { SERF_RPC_ADDR: '10.9.9.9:9' },
    )
    expect(connections.map(({ address }) => address)).toEqual([
      { host: '10.0.0.1', port: 1 },
      { host: '::1', port: 2 },
      { host: 'three', port: 7373 },
    ])
    expect(connections.every(({ authKey }) => authKey === 'k')).toBe(true)
  })

  it('never comes back with false', () => {
    expect(resolveClientOptions({ reconnect: false }, {}).maxRetries).toBe(0)
  })

  it.each([
    [{ addresses: [] }, 'one entry at least'],
    [{ addresses: 'a:1' as unknown as string[] }, 'must be an array'],
    [{ addresses: ['a:b'] }, 'an entry of the option addresses'],
    [{ addresses: ['a:70000'] }, 'port'],
    [{ heartbeat: -1 }, 'heartbeat'],
    [{ heartbeat: NaN }, 'heartbeat'],
    [{ reconnect: { initialDelay: -1 } }, 'initialDelay'],
    [{ reconnect: { maxDelay: Infinity } }, 'maxDelay'],
    [{ reconnect: { maxRetries: 1.5 } }, 'maxRetries'],
    [{ timeout: -1 }, 'timeout'],
  ])('refuses %j at the call', (options, message) => {
    expect(() => createClient(options)).toThrow(message)
  })
})
