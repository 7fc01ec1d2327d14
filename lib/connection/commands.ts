import type { Observable } from 'rxjs'
import type { Member } from '../member'
import type { Payload } from '../payload'
import {
  type Call,
  eventCall,
  forceLeaveCall,
  getCoordinateCall,
  joinCall,
  keyCall,
  leaveCall,
  listKeysCall,
  type MemberFilter,
  membersCall,
  membersFilteredCall,
  monitorCall,
  type QueryOptions,
  statsCall,
  streamCall,
  tagsCall,
} from '../protocol/calls'
import type { EventFilter, EventOf } from '../protocol/event-filter'
import type {
  AgentStats,
  Coordinate,
  KeyReport,
  LogLevel,
  QueryAck,
  QueryResponse,
} from '../protocol/replies'
import type { CallRunner } from './queries/asked'
import { queryOf } from './queries/query'
import { progressOf, type QueryProgress } from './queries/query-progress'
import { type Reachability, reachabilityOf, type ReachabilityOptions } from './queries/reachability'

/**
 * The commands of Serf as Observables, for whoever can carry out a call. Each is cold: nothing is sent before it is subscribed, and
 * every subscription sends a request of its own. Commands with one reply emit one value (`undefined` where there is
 * nothing to tell) and complete. Errors of each: `RpcError` when the agent refuses, `ConnectionError` when the
 * connection cannot be made or ends, `TimeoutError` when no reply comes, `ProtocolError` for a reply that is none.
 * All are bound: `const { members, query } = client` works.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go.
 */
export abstract class Commands {
  /** Carries out a call. Cold. @internal */
  protected abstract run<T>(call: Call<T>): Observable<T>
  /** Carries out a call on a connection of its own, where its failure cannot affect other calls. Cold. @internal */
  protected abstract runOnOwnConnection<T>(call: Call<T>): Observable<T>

  /**
   * Fires a user event: every member gets it, at most once, perhaps not at all.
   * @param payload With the name at most 512 bytes unless the agents are configured otherwise; beyond it `RpcError`.
   * @param options.coalesce Whether agents may keep only the newest of this name and hold it back for 1 to 3 s. Default: true.
   * @throws TypeError for an empty name.
   * @example
   * event('deploy', 'v1.2.3', { coalesce: false }).subscribe()
   */
  readonly event = (
    name: string,
    payload?: Payload,
    options?: { coalesce?: boolean | undefined },
  ): Observable<void> => this.run(eventCall(name, payload, options))

  /**
   * Turns a failed member into one that left; with `prune` it is forgotten altogether. An unknown name is no error.
   * Mind that an alive one is then shown as `leaving`: look at its status first.
   */
  readonly forceLeave = (node: string, options?: { prune?: boolean | undefined }): Observable<void> =>
    this.run(forceLeaveCall(node, options))

  /**
   * Joins the cluster of the given agents (`host:port` of their gossip, not their RPC), and emits how many could be
   * reached: fewer than given is a success, none is an `RpcError` with the number on `body`.
   * @param options.replay Whether old user events of that cluster are delivered. Default: false.
   */
  readonly join = (
    addresses: string | readonly string[],
    options?: { replay?: boolean | undefined },
  ): Observable<number> => this.run(joinCall(addresses, options))

  /**
   * All members that the agent knows, those that failed or left too.
   * @example
   * members().subscribe((list) => console.table(list))
   */
  readonly members = (): Observable<Member[]> => this.run(membersCall())

  /**
   * The members whose name, status and tags match. Patterns are RE2 and matched whole: `name: 'p|2'` is `p` or `2`.
   * A bad pattern errors with `RpcError`, code `INVALID_FILTER`: the agent hangs up over it, so that the rest of a bare `Connection`
   * is lost as well.
   * @example
   * membersFiltered({ status: 'alive', tags: { role: 'web|db' } }).subscribe(console.log)
   */
  readonly membersFiltered = (filter: MemberFilter): Observable<Member[]> =>
    this.run(membersFilteredCall(filter))

  /** Sets tags of the agent's own member and removes others; a key in both is set. All of them have room in 512 bytes. */
  readonly tags = (set: Record<string, string>, remove?: readonly string[]): Observable<void> =>
    this.run(tagsCall(set, remove))

  /** Makes the agent leave its cluster and end. Takes 1 to 2 s. */
  readonly leave = (): Observable<void> => this.run(leaveCall())

  /**
   * Adds a key to the keyring of every member. An `RpcError` has the report on `body`.
   * @param key Base64 of 16, 24 or 32 bytes.
   */
  readonly installKey = (key: string): Observable<KeyReport> => this.run(keyCall('install-key', key))

  /** Makes an installed key the one that every member encrypts with. See {@link Commands.installKey}. */
  readonly useKey = (key: string): Observable<KeyReport> => this.run(keyCall('use-key', key))

  /** Removes a key from the keyring of every member; the one in use cannot be. See {@link Commands.installKey}. */
  readonly removeKey = (key: string): Observable<KeyReport> => this.run(keyCall('remove-key', key))

  /** The keys of all members' keyrings, and how many hold each. See {@link Commands.installKey}. */
  readonly listKeys = (): Observable<KeyReport> => this.run(listKeysCall())

  /** What the agent tells about itself. All values are strings. */
  readonly stats = (): Observable<AgentStats> => this.run(statsCall())

  /** The network coordinate of a node, `null` where the agent has none. See `rtt`. */
  readonly getCoordinate = (node: string): Observable<Coordinate | null> => this.run(getCoordinateCall(node))

  /**
   * The events that this agent sees from now on. Never completes by itself; unsubscribing sends `stop`, and what is still
   * under way is passed over. An agent drops events, without a word on the wire, when more than 512 wait for us.
   * @param filter A type, a name (`user:deploy`, `query:upcase`), several of them, or `*`, the default.
   * @throws TypeError for a filter with a comma, at which the agent would split it.
   * @example
   * stream('user:deploy').pipe(takeUntil(timer(60_000))).subscribe((event) => console.log(event.text))
   */
  readonly stream = <F extends EventFilter = '*'>(filter?: F | readonly F[]): Observable<EventOf<F>> =>
    // Without a filter F is '*' (its default), which the compiler cannot know here.
    this.run(streamCall<F>(filter ?? ('*' as F)))

  /**
   * The agent's log, a line each: up to 512 lines of the past, then as they are written. Never completes by itself;
   * unsubscribing sends `stop`. One connection carries one monitor (`RpcError`, `MONITOR_EXISTS`); a `Client` any number.
   * @param level Default: `debug`. Independent of the agent's own.
   */
  readonly monitor = (level: LogLevel = 'debug'): Observable<string> => this.run(monitorCall(level))

  /**
   * Asks the cluster a question and emits each answer (and ack) as it comes; each subscription asks anew. Completes at the agent's
   * deadline, or earlier with the option `until`. Unsubscribing stops listening: the query itself runs on, for Serf has no way to
   * cancel it.
   * @param payload With name and filters at most 1,024 bytes unless the agents are configured otherwise; beyond it `RpcError`.
   * @throws RangeError for a timeout below 1 ms, a relay factor beyond 255 or an end out of range; TypeError for an option that does
   * not exist.
   * @example
   * query('uptime', undefined, { until: 'everyone' }).subscribe(({ from, text }) => console.log(from, text))
   * query('uptime', undefined, { until: { share: 0.9, quiet: 200 } }).subscribe(({ from, text }) => console.log(from, text))
   */
  readonly query: QueryCommand = (name: string, payload?: Payload, options: QueryOptions = {}) =>
    // The first signature is for options that ask for no acks, and then none come.
    queryOf(this.#runner, name, payload, options) as Observable<QueryResponse>

  /**
   * Asks the cluster a question and emits how far it is: who was asked, has acked, has responded, is missing. The first value, with
   * everybody missing, comes before the query is sent; then one whenever something has come, at most one for each turn of the event
   * loop; the last has `done: true`, and an error comes without that. Where nobody is asked it is the only value.
   * Each subscription asks anew. Unsubscribing stops listening, as with {@link Commands.query}, which also says what it throws.
   * @param options As of `query`, but `until` is `'everyone'` by default.
   * @example
   * queryProgress('deploy', 'v2', { timeout: 60_000 }).subscribe(({ missing }) => console.log('waiting for', missing))
   */
  readonly queryProgress = (
    name: string,
    payload?: Payload,
    options: QueryOptions = {},
  ): Observable<QueryProgress> => progressOf(this.#runner, name, payload, options)

  /**
   * Finds out who answers, as `serf reachability` does: every node is asked for an ack. Emits once, when all have acked that the agent
   * takes for alive, else at the deadline.
   * Source: serf 0.9.4, cmd/serf/command/reachability.go.
   * @throws RangeError for a timeout below 1 ms; TypeError for an option that does not exist.
   * @example
   * reachability({ timeout: 2_000 }).subscribe(({ silent }) => console.log(silent.length > 0 ? silent : 'all are there'))
   */
  readonly reachability = (options?: ReachabilityOptions): Observable<Reachability> =>
    reachabilityOf(this.#runner, options)

  readonly #runner: CallRunner = {
    run: (call) => this.run(call),
    runOnOwnConnection: (call) => this.runOnOwnConnection(call),
  }
}

/** With `requestAck: true` acks come too, and the type says so. */
export interface QueryCommand {
  (
    name: string,
    payload: Payload | undefined,
    options: QueryOptions & { requestAck: true },
  ): Observable<QueryResponse | QueryAck>
  (name: string, payload?: Payload, options?: QueryOptions): Observable<QueryResponse>
}
