import type { Duplex } from 'node:stream'
import { integerBetween, milliseconds, nonEmpty, shown, text } from '../arguments'
import type { Call } from '../protocol/call'
import { DEFAULT_MAX_FRAME_BYTES, DEFAULT_PORT, LARGEST_FRAME_BYTES } from '../protocol/limits'

/** The address of an agent. */
export interface Address {
  host: string
  port: number
}

/** How to reach an agent. */
export interface ConnectionOptions {
  /** Default: the host of `$SERF_RPC_ADDR`, else `127.0.0.1`. */
  host?: string | undefined
  /** Default: the port of `$SERF_RPC_ADDR`, else 7373. If `host` is given, 7373. */
  port?: number | undefined
  /**
   * The agent's `rpc_auth`. Default: `$SERF_RPC_AUTH`. Unset or `''` means that the agent requires no key.
   */
  authKey?: string | undefined
  /**
   * Milliseconds that a dial and each reply may take; 0 is no limit. Default: 10,000, and 120,000 for the
   * replies to `join`, `leave`, `forceLeave` and the key commands, which wait for other nodes.
   */
  timeout?: number | undefined
  /**
   * A message with more bytes than this is a `ProtocolError`. Default: 32 MiB. Maximum: 1 GiB; a larger value
   * counts as 1 GiB.
   */
  maxFrameBytes?: number | undefined
  /**
   * Makes the socket, for a TLS or SSH tunnel, a Unix socket or a test double. Default: TCP with no delay and
   * keepalive.
   */
  socket?: ((address: Address) => Duplex) | undefined
}

/** Options with all defaults filled in. */
export interface ResolvedOptions {
  readonly address: Address
  readonly authKey: string
  /** The limit for a dial, and for replies that the agent gives on its own. */
  readonly timeout: number
  /** The limit for replies that wait for other nodes. */
  readonly othersTimeout: number
  readonly maxFrameBytes: number
  readonly socket: ((address: Address) => Duplex) | undefined
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_TIMEOUT = 10_000
const DEFAULT_OTHERS_TIMEOUT = 120_000

/** The names of all options, for `knownOptions`. */
export const CONNECTION_OPTIONS = {
  host: true,
  port: true,
  authKey: true,
  timeout: true,
  maxFrameBytes: true,
  socket: true,
} as const satisfies Record<keyof ConnectionOptions, true>

/**
 * Checks the options and fills in the defaults. The caller checks for unknown options, because a client has
 * more of them.
 */
export function resolveOptions(
  options: ConnectionOptions,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedOptions {
  const { timeout, socket } = options
  if (timeout !== undefined) milliseconds(timeout, 0, 'the option timeout')
  if (socket !== undefined && typeof socket !== 'function') {
    throw new TypeError(`the option socket must be a function that returns a Duplex, not ${shown(socket)}`)
  }
  return {
    address: resolveAddress(options, env),
    authKey: text(options.authKey ?? env['SERF_RPC_AUTH'] ?? '', 'the option authKey'),
    timeout: timeout ?? DEFAULT_TIMEOUT,
    othersTimeout: timeout ?? DEFAULT_OTHERS_TIMEOUT,
    maxFrameBytes: Math.min(
      integerBetween(
        options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES,
        1,
        Number.MAX_SAFE_INTEGER,
        'the option maxFrameBytes',
      ),
      LARGEST_FRAME_BYTES,
    ),
    socket,
  }
}

/** How long the reply to a call may take, in ms; 0 is no limit. */
export function limitOf(call: Call<unknown>, options: ResolvedOptions): number {
  return call.traits.limit === 'others' ? options.othersTimeout : options.timeout
}

function resolveAddress({ host, port }: ConnectionOptions, env: NodeJS.ProcessEnv): Address {
  if (port !== undefined) checkPort(port, 'the option port')
  if (host !== undefined) return { host: nonEmpty(host, 'the option host'), port: port ?? DEFAULT_PORT }
  const given = env['SERF_RPC_ADDR']
  if (given === undefined || given === '') return { host: DEFAULT_HOST, port: port ?? DEFAULT_PORT }
  const address = parseAddress(given, 'the environment variable SERF_RPC_ADDR')
  return { host: address.host, port: port ?? address.port }
}

/** Parses `host:port` or `[::1]:7373`. A host alone has the default port, and `:7373` the default host. */
export function parseAddress(given: string, what: string): Address {
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(given)
  const host = parts?.[1] ?? parts?.[2]
  if (!parts || host === undefined || given === '') {
    throw new TypeError(
      `${what} must be host:port, as in 127.0.0.1:7373 or [::1]:7373, not ${JSON.stringify(given)}`,
    )
  }
  const port = parts[3] === undefined ? DEFAULT_PORT : Number(parts[3])
  return { host: host === '' ? DEFAULT_HOST : host, port: checkPort(port, `the port of ${what}`) }
}

function checkPort(port: number, what: string): number {
  return integerBetween(port, 1, 65535, what)
}

/** The address as text: `127.0.0.1:7373`, `[::1]:7373`. */
export function addressOf({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
