import { dictionary, integerBetween, knownOptions, MAX_TIMEOUT, nonEmpty, text, texts } from '../arguments'
import type { Member } from '../member'
import { isKey } from './cluster/keyring'
import { checkedMembers } from './cluster/member'

/** The options of a {@link TestAgent}; each may be left out. */
export interface TestAgentOptions {
  /** The name of the agent's own node. Default: `test-agent`. */
  name?: string | undefined
  /** The RPC port. Default: 0, so that the system chooses a free one. */
  port?: number | undefined
  /** The `rpc_auth` key that clients must send. Default: none is needed. */
  authKey?: string | undefined
  /**
   * The primary key of the keyring: base64 of 16, 24 or 32 bytes. Default: no encryption, so the key commands
   * fail.
   */
  encryptKey?: string | undefined
  /** More keys of the keyring, in the same form; needs `encryptKey`. Default: none. */
  keys?: readonly string[] | undefined
  /** The tags of the agent's own node. Default: none. */
  tags?: Record<string, string> | undefined
  /**
   * The other members at the start. What is left out has a default: the name `node-1`, `node-2`, ... by its
   * position, the status `alive`, an address in 10.0.0.0/8. An entry with the agent's own name sets the
   * address and versions of its own member.
   */
  members?: readonly Partial<Member>[] | undefined
  /** The size limit of an encoded user event, in bytes. Default: 512, as in Serf. */
  userEventSizeLimit?: number | undefined
  /** The size limit of an encoded query, in bytes. Default: 1024, as in Serf. */
  querySizeLimit?: number | undefined
  /** The size limit of an encoded response to a query, in bytes. Default: 1024, as in Serf. */
  queryResponseSizeLimit?: number | undefined
  /** Milliseconds that a query without a timeout lasts. Default: 500; a real agent takes 1,600 to 8,000. */
  queryTimeout?: number | undefined
  /**
   * Milliseconds without a further event after which member events, and user events with `coalesce`, are
   * delivered. Default: 10; a real agent waits 1,000. 0 delivers each at once.
   */
  quiescentPeriod?: number | undefined
  /**
   * Milliseconds after which they are delivered at the latest. Default: three times `quiescentPeriod`, as in
   * Serf.
   */
  coalescePeriod?: number | undefined
  /**
   * How many acks and responses from nobody precede the end of each query, as a real agent may send. Default:
   * 0.
   */
  spuriousRecords?: number | undefined
  /** How many more events a stream delivers after the reply to `stop`, as a real agent may. Default: 0. */
  recordsAfterStop?: number | undefined
}

/** Options with every default in its place; `encryptKey` has none. */
export type ResolvedTestAgentOptions = {
  readonly [K in Exclude<keyof TestAgentOptions, 'encryptKey'>]-?: NonNullable<TestAgentOptions[K]>
} & { readonly encryptKey: string | undefined }

const NAMES: Readonly<Record<keyof TestAgentOptions, true>> = {
  name: true,
  port: true,
  authKey: true,
  encryptKey: true,
  keys: true,
  tags: true,
  members: true,
  userEventSizeLimit: true,
  querySizeLimit: true,
  queryResponseSizeLimit: true,
  queryTimeout: true,
  quiescentPeriod: true,
  coalescePeriod: true,
  spuriousRecords: true,
  recordsAfterStop: true,
}

export function resolveTestAgentOptions(options: TestAgentOptions): ResolvedTestAgentOptions {
  knownOptions(options, NAMES, 'the options of TestAgent.start')
  const integer = (
    name: keyof TestAgentOptions,
    given: number | undefined,
    otherwise: number,
    most = MAX_TIMEOUT,
  ) => integerBetween(given ?? otherwise, 0, most, `the option ${name}`)
  const { encryptKey } = options
  const keys = texts(options.keys ?? [], 'the option keys')
  if (encryptKey === undefined && keys.length > 0) {
    throw new TypeError('the option keys needs encryptKey, the primary key')
  }
  if (encryptKey !== undefined && ![text(encryptKey, 'the option encryptKey'), ...keys].every(isKey)) {
    // A key is not shown.
    throw new RangeError('the options encryptKey and keys must be base64 of 16, 24 or 32 bytes')
  }
  const quiescentPeriod = integer('quiescentPeriod', options.quiescentPeriod, 10)
  return {
    name: nonEmpty(options.name ?? 'test-agent', 'the option name'),
    port: integer('port', options.port, 0, 65_535),
    authKey: text(options.authKey ?? '', 'the option authKey'),
    encryptKey,
    keys,
    tags: dictionary(options.tags ?? {}, 'the option tags'),
    members: checkedMembers(options.members ?? [], 'the option members'),
    userEventSizeLimit: integer('userEventSizeLimit', options.userEventSizeLimit, 512),
    querySizeLimit: integer('querySizeLimit', options.querySizeLimit, 1024),
    queryResponseSizeLimit: integer('queryResponseSizeLimit', options.queryResponseSizeLimit, 1024),
    queryTimeout: integer('queryTimeout', options.queryTimeout, 500),
    quiescentPeriod,
    coalescePeriod: integer('coalescePeriod', options.coalescePeriod, 3 * quiescentPeriod),
    spuriousRecords: integer('spuriousRecords', options.spuriousRecords, 0),
    recordsAfterStop: integer('recordsAfterStop', options.recordsAfterStop, 0),
  }
}
