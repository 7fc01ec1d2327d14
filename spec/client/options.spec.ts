import { resolveClientOptions } from '../../lib/client/options'
import { type ClientOptions, createClient } from 'serfx'

describe('client options', () => {
  it('have defaults', () => {
    expect(resolveClientOptions({}, {})).toMatchObject({
      connections: [{ address: { host: '127.0.0.1', port: 7373 }, timeout: 10_000, othersTimeout: 120_000 }],
      backoff: { initialDelay: 100, maxDelay: 10_000 },
      maxRetries: Infinity,
      heartbeat: 0,
      watchDrops: false,
    })
  })

  it('have their defaults when they are undefined', () => {
    const given = { reconnect: { initialDelay: undefined, maxRetries: undefined }, heartbeat: undefined }
    expect(resolveClientOptions(given, {})).toEqual(resolveClientOptions({}, {}))
  })

  it('use addresses instead of host, port and SERF_RPC_ADDR', () => {
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

  it('do not reconnect with reconnect: false', () => {
    expect(resolveClientOptions({ reconnect: false }, {}).maxRetries).toBe(0)
  })

  it.each([
    [{ addresses: [] }, 'at least one entry'],
    [{ addresses: 'a:1' as unknown as string[] }, 'must be an array'],
    [{ addresses: ['a:b'] }, 'an entry of the option addresses'],
    [{ addresses: ['a:70000'] }, 'port'],
    [{ heartbeat: -1 }, 'heartbeat'],
    [{ heartbeat: NaN }, 'heartbeat'],
    [{ reconnect: { initialDelay: -1 } }, 'initialDelay'],
    [{ reconnect: { maxDelay: Infinity } }, 'maxDelay'],
    [{ reconnect: { maxRetries: 1.5 } }, 'maxRetries'],
    [{ timeout: -1 }, 'timeout'],
    [{ timout: 1 }, 'there is no "timout"; valid: host, port, authKey'],
    [{ reconnect: { retries: 1 } }, 'there is no "retries"; valid: initialDelay, maxDelay, maxRetries'],
    [{ reconnect: true }, 'the option reconnect must be an object'],
    [{ waitOnFirstConnect: 'yes' }, 'the option waitOnFirstConnect'],
    [{ watchDrops: 1 }, 'the option watchDrops'],
    [{ waitOnFirstConnect: true, reconnect: false }, 'waitOnFirstConnect needs reconnects'],
    [{ waitOnFirstConnect: true, reconnect: { maxRetries: 0 } }, 'waitOnFirstConnect needs reconnects'],
  ])('are refused at the call: %j', (options, message) => {
    expect(() => createClient(options as ClientOptions)).toThrow(message)
  })

  it('of a membership are checked at the call too', () => {
    using client = createClient()
    expect(() => client.membership({ rejoin: 1 } as object)).toThrow(
      new TypeError('the options of membership: there is no "rejoin"; valid: resync, rejoinGrace'),
    )
    for (const options of [{ resync: -1 }, { rejoinGrace: NaN }, { rejoinGrace: 2 ** 31 }]) {
      expect(() => client.membership(options)).toThrow(RangeError)
    }
  })
})
