import {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  parseAddress,
  type ResolvedOptions,
  resolveOptions,
} from '../connection/options'
import { flag, integerBetween, knownOptions, milliseconds, text } from '../arguments'
import type { BackoffLimits } from './backoff'

/**
 * How to reconnect after a loss. The delay before a dial is random, from 0 to a limit that doubles with each
 * attempt.
 */
export interface ReconnectOptions {
  /** Milliseconds: the limit for the first dial. Default: 100. */
  initialDelay?: number | undefined
  /** Milliseconds: the largest limit. Default: 10,000. */
  maxDelay?: number | undefined
  /**
   * How many dials in a row may fail before everything that waits errors. Default: no limit. 0 means
   * `reconnect: false`.
   */
  maxRetries?: number | undefined
}

/** How a client reaches its agent, and what it does when the connection fails. */
export interface ClientOptions extends ConnectionOptions {
  /**
   * Addresses of agents, `host:port` each (a host alone has port 7373), instead of `host`, `port` and
   * `$SERF_RPC_ADDR`. Each dial tries them in this order.
   */
  addresses?: readonly string[] | undefined
  /** How to reconnect. `false`: a loss errors everything, and the next subscription dials again. */
  reconnect?: false | ReconnectOptions | undefined
  /**
   * Milliseconds of silence after which the connection is checked. Without an answer for as long again it
   * counts as lost. Choose more than the slowest command takes, as an agent answers in order. Default: 0,
   * which is off.
   */
  heartbeat?: number | undefined
  /**
   * Whether to watch the agent's log, over another connection, for dropped events of this client. Default:
   * false.
   */
  watchDrops?: boolean | undefined
  /**
   * Whether to wait for the first connection as for any later one. Commands wait up to their `timeout`;
   * streams, monitors, memberships and `keepTags` wait without a time limit, until `maxRetries` dials have
   * failed. Cannot be combined with `reconnect: false`. Default: false, so a failed first dial errors at
   * once.
   */
  waitOnFirstConnect?: boolean | undefined
}

const RECONNECT_OPTIONS = {
  initialDelay: true,
  maxDelay: true,
  maxRetries: true,
} as const satisfies Record<keyof ReconnectOptions, true>

const CLIENT_OPTIONS = {
  ...CONNECTION_OPTIONS,
  addresses: true,
  reconnect: true,
  heartbeat: true,
  watchDrops: true,
  waitOnFirstConnect: true,
} as const satisfies Record<keyof ClientOptions, true>

/** Options with every default in its place. */
export interface ResolvedClientOptions {
  /** One for each address. */
  readonly connections: readonly [ResolvedOptions, ...ResolvedOptions[]]
  readonly backoff: BackoffLimits
  /** Dials in a row that may fail after a loss; 0 means no reconnects. */
  readonly maxRetries: number
  /** 0 is off. */
  readonly heartbeat: number
  readonly watchDrops: boolean
  readonly waitOnFirstConnect: boolean
}

const DEFAULT_INITIAL_DELAY = 100
const DEFAULT_MAX_DELAY = 10_000

export function resolveClientOptions(options: ClientOptions, env = process.env): ResolvedClientOptions {
  knownOptions(options, CLIENT_OPTIONS, 'the options of createClient')
  const { reconnect = {}, heartbeat = 0 } = options
  if (reconnect !== false) knownOptions(reconnect, RECONNECT_OPTIONS, 'the option reconnect')
  const { initialDelay = DEFAULT_INITIAL_DELAY, maxDelay = DEFAULT_MAX_DELAY } = reconnect || {}
  const maxRetries = reconnect === false ? 0 : resolveRetries(reconnect.maxRetries)
  const waitOnFirstConnect = flag(options.waitOnFirstConnect, false, 'the option waitOnFirstConnect')
  if (waitOnFirstConnect && maxRetries === 0) {
    throw new TypeError(
      'the option waitOnFirstConnect needs reconnects: leave out reconnect: false and maxRetries: 0',
    )
  }
  return {
    connections: resolveConnections(options, env),
    backoff: {
      initialDelay: milliseconds(initialDelay, 0, 'the option reconnect.initialDelay'),
      maxDelay: milliseconds(maxDelay, 0, 'the option reconnect.maxDelay'),
    },
    maxRetries,
    heartbeat: milliseconds(heartbeat, 0, 'the option heartbeat'),
    watchDrops: flag(options.watchDrops, false, 'the option watchDrops'),
    waitOnFirstConnect,
  }
}

function resolveConnections(
  options: ClientOptions,
  env: NodeJS.ProcessEnv,
): ResolvedClientOptions['connections'] {
  const { addresses } = options
  if (addresses === undefined) return [resolveOptions(options, env)]
  const resolve = (address: unknown) => {
    const what = 'an entry of the option addresses'
    return resolveOptions({ ...options, ...parseAddress(text(address, what), what) }, env)
  }
  const [first, ...others] = Array.isArray(addresses) ? addresses.map(resolve) : []
  if (!first)
    throw new TypeError('the option addresses must be an array of host:port, with at least one entry')
  return [first, ...others]
}

function resolveRetries(maxRetries = Infinity): number {
  if (maxRetries === Infinity) return maxRetries
  return integerBetween(maxRetries, 0, Number.MAX_SAFE_INTEGER, 'the option reconnect.maxRetries')
}
