import type { Member } from '../member'

/** How a {@link TestAgent} is started. All of it may be left out. */
export interface TestAgentOptions {
  /** The name of the agent's own node. Default: `test-agent`. */
  name?: string | undefined
  /** The `rpc_auth` that clients must give. Default: none is asked for. */
  authKey?: string | undefined
  /** The primary key of the keyring, base64 of 16, 24 or 32 bytes. Default: no encryption, so the key commands fail. */
  encryptKey?: string | undefined
  /** The tags of the agent's own node. Default: none. */
  tags?: Record<string, string> | undefined
  /**
   * The other members, there from the start. A name that is left out is `node-1`, `node-2`, ... by its place; the status `alive`, the
   * address one of 10.0.0.0/8. An entry with the agent's own name settles the own address and versions.
   */
  members?: readonly Partial<Member>[] | undefined
  /** Bytes that a user event may have, encoded. Default: 512, Serf's own. */
  userEventSizeLimit?: number | undefined
  /** Bytes that a query may have, encoded. Default: 1024, Serf's own. */
  querySizeLimit?: number | undefined
  /** Bytes that a response to a query may have, encoded. Default: 1024, Serf's own. */
  queryResponseSizeLimit?: number | undefined
  /** Milliseconds that a query lasts when it does not say. Default: 500; a real agent takes 1,600 to 8,000. */
  queryTimeout?: number | undefined
  /**
   * Milliseconds of silence after which gathered member events, and user events with `coalesce`, are delivered. Default: 10;
   * a real agent waits 1,000. 0 delivers each at once.
   */
  quiescentPeriod?: number | undefined
  /** Milliseconds after which they are delivered without silence. Default: three times `quiescentPeriod`, as in Serf. */
  coalescePeriod?: number | undefined
  /** How many acks and responses of nobody come before the end of each query, as a real agent may send. Default: 0. */
  spuriousRecords?: number | undefined
  /** How many more events a stream delivers after `stop` was answered, as a real agent may. Default: 0. */
  recordsAfterStop?: number | undefined
}

/** Options with every default in its place; `encryptKey` has none. */
export type ResolvedTestAgentOptions = {
  readonly [K in Exclude<keyof TestAgentOptions, 'encryptKey'>]-?: NonNullable<TestAgentOptions[K]>
} & { readonly encryptKey: string | undefined }

const NUMBERS = [
  'userEventSizeLimit',
  'querySizeLimit',
  'queryResponseSizeLimit',
  'queryTimeout',
  'quiescentPeriod',
  'coalescePeriod',
  'spuriousRecords',
  'recordsAfterStop',
] as const

export function resolveTestAgentOptions(options: TestAgentOptions): ResolvedTestAgentOptions {
  for (const name of NUMBERS) {
    const value = options[name]
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue
    throw new RangeError(`the option ${name} must be a number from 0 on, not ${value}`)
  }
  if (options.name === '') throw new TypeError('the option name must not be empty')
  const { quiescentPeriod = 10 } = options
  return {
    name: options.name ?? 'test-agent',
    authKey: options.authKey ?? '',
    encryptKey: options.encryptKey,
    tags: options.tags ?? {},
    members: options.members ?? [],
    userEventSizeLimit: options.userEventSizeLimit ?? 512,
    querySizeLimit: options.querySizeLimit ?? 1024,
    queryResponseSizeLimit: options.queryResponseSizeLimit ?? 1024,
    queryTimeout: options.queryTimeout ?? 500,
    quiescentPeriod,
    coalescePeriod: options.coalescePeriod ?? 3 * quiescentPeriod,
    spuriousRecords: options.spuriousRecords ?? 0,
    recordsAfterStop: options.recordsAfterStop ?? 0,
  }
}
