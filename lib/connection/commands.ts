import type { Observable } from 'rxjs'
import type { Member } from '../member'
import type { Payload } from '../payload'
import type { Call } from '../protocol/call'
import {
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
  statsCall,
  streamCall,
  tagsCall,
} from '../protocol/calls'
import type { QueryOptions } from '../protocol/query-call'
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
 * The commands of Serf, shared by `Connection` and `Client`.
 *
 * Each method returns a cold Observable: nothing is sent before it is subscribed, and every subscription
 * sends its own request. A command with one reply emits one value (`undefined` if the reply has no content)
 * and completes. Unsubscribing a request that has not been written yet cancels it; once it is written, the
 * agent carries it out, and the reply is ignored.
 *
 * Every command can fail with `RpcError` when the agent refuses it, `ConnectionError` when the connection
 * cannot be made or ends, `TimeoutError` when no reply arrives, and `ProtocolError` when the reply is not
 * valid. Invalid arguments throw a `TypeError` or `RangeError` at the call.
 *
 * All methods are bound: `const { members, query } = client` works.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go.
 */
export abstract class Commands {
  /** Carries out a call. Cold. @internal */
  protected abstract run<T>(call: Call<T>): Observable<T>
  /**
   * Carries out a call on a connection of its own, where its failure cannot affect other calls. Cold.
   * @internal
   */
  protected abstract runOnOwnConnection<T>(call: Call<T>): Observable<T>
  /** Whether nothing can be sent any more. @internal */
  protected abstract get ended(): boolean

  /**
   * Fires a user event. Every member receives it at most once, and may not receive it at all. Cold. Emits
   * `undefined` once the agent has accepted the event. `RpcError` (`AGENT_ERROR`) when it is too large.
   * @param payload At most 512 bytes together with the name, unless the agents are configured otherwise.
   * @param options.coalesce Whether agents may hold the event back for 1 to 3 s and deliver only the newest
   *   of its name. Default: true.
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
   * Marks a failed member as left; with `prune`, the cluster forgets it. An unknown name is not an error.
   * Check the status first: an alive member would be shown as `leaving` afterwards, and pruning it takes 6 s.
   * Cold. Emits `undefined` once the agent has done it.
   * @param options.prune Default: false.
   * @throws TypeError for an empty name.
   * @example
   * forceLeave('web-3', { prune: true }).subscribe()
   */
  readonly forceLeave = (node: string, options?: { prune?: boolean | undefined }): Observable<void> =>
    this.run(forceLeaveCall(node, options))

  /**
   * Joins the cluster of the given agents and emits how many of them were reached. Cold. Fewer than given is
   * a success. When none was reached it errors with `RpcError` (`AGENT_ERROR`), with the number on `body`.
   * @param addresses `host:port` of their gossip, not of their RPC.
   * @param options.replay Whether the agent delivers old user events of that cluster. Default: false.
   * @throws TypeError for an empty address.
   * @example
   * join(['10.0.0.1:7946', '10.0.0.2:7946']).subscribe((count) => console.log(`${count} reached`))
   */
  readonly join = (
    addresses: string | readonly string[],
    options?: { replay?: boolean | undefined },
  ): Observable<number> => this.run(joinCall(addresses, options))

  /**
   * All members that the agent knows, including those that failed or left. Cold; emits one list.
   * @example
   * members().subscribe((list) => console.table(list))
   */
  readonly members = (): Observable<Member[]> => this.run(membersCall())

  /**
   * The members whose name, status and tags match. Cold; emits one list. A bad pattern errors with
   * `RpcError`, code `INVALID_FILTER`. The agent closes the connection over it, so everything else on the
   * same `Connection` is lost. A `Client` uses a connection of its own for such a call.
   * @param filter RE2 patterns that must match the whole text: `name: 'p|2'` matches `p` or `2`.
   * @throws TypeError for a property that does not exist.
   * @example
   * membersFiltered({ status: 'alive', tags: { role: 'web|db' } }).subscribe(console.log)
   */
  readonly membersFiltered = (filter: MemberFilter): Observable<Member[]> =>
    this.run(membersFilteredCall(filter))

  /**
   * Sets tags of the agent's own member and removes others. A key in both is set. Cold; emits `undefined`
   * once they are set. `RpcError` (`AGENT_ERROR`) when all tags together need more than 512 bytes; then
   * nothing has changed.
   * @example
   * tags({ role: 'web' }, ['draining']).subscribe()
   */
  readonly tags = (set: Record<string, string>, remove?: readonly string[]): Observable<void> =>
    this.run(tagsCall(set, remove))

  /**
   * Makes the agent leave its cluster and exit, which takes 1 to 2 s. Cold; emits `undefined` before the
   * agent exits. When the connection then ends, streams and monitors complete.
   * @example
   * leave().subscribe(() => console.log('left the cluster'))
   */
  readonly leave = (): Observable<void> => this.run(leaveCall())

  /**
   * Adds a key to the keyring of every member. Cold; emits one report. `RpcError` (`AGENT_ERROR`) when a node
   * reports a failure or does not answer; then the report is on `body`.
   * @param key Base64 of 16, 24 or 32 bytes.
   * @throws TypeError for an empty key.
   * @example
   * concat(installKey(key), useKey(key), removeKey(oldKey)).subscribe()
   */
  readonly installKey = (key: string): Observable<KeyReport> => this.run(keyCall('install-key', key))

  /**
   * Makes every member encrypt with this key, which must be installed. Cold. Reports like
   * {@link Commands.installKey}.
   */
  readonly useKey = (key: string): Observable<KeyReport> => this.run(keyCall('use-key', key))

  /**
   * Removes a key, which must not be in use, from the keyring of every member. Cold. Reports like
   * {@link Commands.installKey}.
   */
  readonly removeKey = (key: string): Observable<KeyReport> => this.run(keyCall('remove-key', key))

  /**
   * The keys of all keyrings, and how many members hold each. Cold. Reports like {@link Commands.installKey}.
   */
  readonly listKeys = (): Observable<KeyReport> => this.run(listKeysCall())

  /**
   * The statistics of the agent. All values are strings. Cold; emits once.
   * @example
   * stats().subscribe(({ serf }) => console.log(serf.members))
   */
  readonly stats = (): Observable<AgentStats> => this.run(statsCall())

  /**
   * The network coordinate of a node, or `null` if the agent has none for it. Cold; emits once. {@link rtt}
   * gives the round trip between two.
   * @throws TypeError for an empty name.
   * @example
   * getCoordinate('web-1').subscribe((coordinate) => console.log(coordinate?.vec))
   */
  readonly getCoordinate = (node: string): Observable<Coordinate | null> => this.run(getCoordinateCall(node))

  /**
   * The events that the agent sees from now on. Cold. Does not complete until the connection or client is
   * closed. Unsubscribing sends `stop`, and late records are ignored. A `Client` shares one stream among the
   * subscribers of a filter, and keeps it for 30 s after the last one. An agent drops events, without telling
   * the client, when more than 512 wait to be read. `RpcError` (`INVALID_FILTER`) for a filter that Serf does
   * not have.
   * @param filter A type, a name (`user:deploy`, `query:upcase`), an array of them, or `*`, the default.
   * @throws TypeError for a filter with a comma, at which the agent would split it.
   * @example
   * stream('user:deploy').pipe(takeUntil(timer(60_000))).subscribe((event) => console.log(event.text))
   */
  readonly stream = <F extends EventFilter = '*'>(
    filter: F | readonly F[] = '*' as F, // without a filter F is '*', which the compiler cannot know here
  ): Observable<EventOf<F>> => this.run(streamCall<F>(filter))

  /**
   * The agent's log, one line each: first the lines that the agent still has, up to 512, then new ones. Cold.
   * Does not complete until the connection or client is closed. Unsubscribing sends `stop`. A `Connection`
   * carries one monitor (`RpcError`, `MONITOR_EXISTS`), a `Client` any number.
   * @param level Independent of the agent's own level. Default: `debug`.
   * @throws TypeError for a level that does not exist.
   * @example
   * monitor('warn').subscribe((line) => console.error(line))
   */
  readonly monitor = (level: LogLevel = 'debug'): Observable<string> => this.run(monitorCall(level))

  /**
   * Asks the cluster a question and emits each response, and each ack if requested, as it arrives. Cold: each
   * subscription asks again. Completes at the agent's deadline, or earlier with the option `until`.
   * Unsubscribing stops listening, but the query itself runs on, because Serf cannot cancel one. `RpcError`
   * (`AGENT_ERROR`) when the query is too large, and (`INVALID_FILTER`) for a bad pattern in `filterTags`
   * when `until` depends on who is asked.
   * @param payload At most 1,024 bytes together with name and filters, unless the agents are configured
   *   otherwise.
   * @throws RangeError for a timeout below 1 ms, a relay factor above 255 or an end out of range; TypeError
   *   for an empty name and for an option that does not exist.
   * @example
   * query('uptime', undefined, { until: 'everyone' }).subscribe(({ from, text }) => console.log(from, text))
   * query('uptime', undefined, { until: { share: 0.9, quiet: 200 } }).subscribe(({ from, text }) =>
   *   console.log(from, text),
   * )
   */
  readonly query: QueryCommand = (name: string, payload?: Payload, options: QueryOptions = {}) =>
    // The signature without acks is for options that request none.
    queryOf(this.#runner, name, payload, options) as Observable<QueryResponse>

  /**
   * Asks the cluster a question and emits its progress: who was asked, has acked, has responded, and is
   * missing. Cold. The first value comes before the query is sent. Then a value follows whenever something
   * has arrived, at most one per turn of the event loop. The last value has `done: true`; an error comes
   * without it. If nobody is asked, it is the only value. Unsubscribing, errors and `@throws` are those of
   * {@link Commands.query}.
   * @param options Those of `query`, but `until` is `'everyone'` by default.
   * @example
   * queryProgress('deploy', 'v2', { timeout: 60_000 }).subscribe(({ missing }) =>
   *   console.log('waiting for', missing),
   * )
   */
  readonly queryProgress = (
    name: string,
    payload?: Payload,
    options: QueryOptions = {},
  ): Observable<QueryProgress> => progressOf(this.#runner, name, payload, options)

  /**
   * Finds out which nodes answer, like `serf reachability`: it asks every node for an ack. Cold. Emits once:
   * when every member that is alive for the agent has acked, else at the deadline. Unsubscribing stops
   * listening.
   * @throws RangeError for a timeout below 1 ms; TypeError for an option that does not exist.
   * Source: serf 0.9.4, cmd/serf/command/reachability.go.
   * @example
   * reachability({ timeout: 2_000 }).subscribe(({ silent }) =>
   *   console.log(silent.length > 0 ? silent : 'all are there'),
   * )
   */
  readonly reachability = (options?: ReachabilityOptions): Observable<Reachability> =>
    reachabilityOf(this.#runner, options)

  readonly #runner: CallRunner = {
    run: (call) => this.run(call),
    runOnOwnConnection: (call) => this.runOnOwnConnection(call),
    ended: () => this.ended,
  }
}

/** The type of `query`. With `requestAck: true` it also emits acks. */
export interface QueryCommand {
  (
    name: string,
    payload: Payload | undefined,
    options: QueryOptions & { requestAck: true },
  ): Observable<QueryResponse | QueryAck>
  (name: string, payload?: Payload, options?: QueryOptions): Observable<QueryResponse>
}
