import {
  concat,
  defer,
  ignoreElements,
  isObservable,
  type Observable,
  of,
  ReplaySubject,
  share,
  Subject,
  type Subscriber,
  type Subscription,
  type TeardownLogic,
} from 'rxjs'
import { systemClock } from '../connection/clock'
import { Commands } from '../connection/commands'
import { traced, traceGap } from '../connection/tracing'
import { MEMBER_EVENT_TYPES } from '../events/event-types'
import type { Member } from '../member'
import { type Call, needsOwnConnection } from '../protocol/call'
import { leaveCall, membersCall, tagsCall } from '../protocol/calls'
import { connectionsOf } from './connections'
import { checkedTags, keepTagsOn, type Tags } from './keep-tags'
import { Operation } from './operation'
import { type Gap, gapsOf } from './gaps'
import { SharedConnection, type Runtime } from './shared-connection'
import { membershipOf } from './membership'
import { type MembershipOptions, resolveMembershipOptions } from './membership-options'
import { type NearestOptions, type Neighbour, nearestOf } from './nearest'
import { type ClientOptions, type ResolvedClientOptions, resolveClientOptions } from './options'
import { SharedStreams } from './shared-streams'
import type { ClientStatus } from './status'

/**
 * A client that outlives its agent; `createClient()` makes one. It dials at the first subscription, shares
 * one connection among all subscriptions, reconnects after a loss, and never keeps an idle process alive.
 *
 * After a loss, streams and monitors go on. Reads are sent again until their `timeout` has passed. Any other
 * command that was in flight errors with `ConnectionError`, because the agent may have carried it out. See
 * [What happens when things fail](../../docs/reliability.md).
 */
export class Client extends Commands {
  readonly #options: ResolvedClientOptions
  readonly #runtime: Runtime
  readonly #connection: SharedConnection
  readonly #streams: SharedStreams
  readonly #gaps = new Subject<Gap>()
  readonly #memberships = new Map<string, Observable<ReadonlyMap<string, Member>>>()
  readonly #gapsSubscription: Subscription
  #leaving: Observable<void> | undefined

  /**
   * Emits the current status of the connection (replayed), then each change, and completes after `closed`.
   * Never errors. A subscription neither dials nor keeps the process alive.
   * @example
   * status$.subscribe((status) => console.log(status))
   */
  readonly status$: Observable<ClientStatus>

  /**
   * Emits when streams that have subscribers may have missed events: after a reconnect and, with
   * `watchDrops`, when the agent's log says that it dropped some. Hot: earlier gaps are not repeated.
   * Completes when the client is closed; never errors. A subscription neither dials nor keeps the process
   * alive.
   * @example
   * gaps$.subscribe(({ reason, at }) =>
   *   console.warn(`events may be missing (${reason}) at ${at.toISOString()}`),
   * )
   */
  readonly gaps$: Observable<Gap>

  /** @internal */
  constructor(options: ClientOptions = {}, runtime: Runtime = { clock: systemClock, random: Math.random }) {
    super()
    this.#options = resolveClientOptions(options)
    this.#runtime = runtime
    this.#connection = new SharedConnection(this.#options, runtime)
    this.#streams = new SharedStreams(this.#connection, runtime.clock)
    this.status$ = this.#connection.status$
    this.gaps$ = this.#gaps.asObservable()
    const { watchDrops } = this.#options
    this.#gapsSubscription = gapsOf(this.#connection, this.#streams, runtime.clock, watchDrops).subscribe(
      (gap) => {
        traceGap({ addresses: this.#connection.addressList, ...gap })
        this.#gaps.next(gap)
      },
    )
  }

  /**
   * Emits all members by name, then a new map after each change: at most one per 50 ms, and fewer where a
   * copy of the map takes long. An emitted map never changes, and a member that stays the same stays the same
   * object.
   *
   * Shared and replayed: all subscribers with the same options share one stream and one list, and a late
   * subscriber gets the current map at once. When all have unsubscribed, the next one starts with a new list.
   * Completes when the client is closed. Errors as `stream` and `members` do. A lost connection is not an
   * error: the last map remains until the list can be read again.
   *
   * An agent that has just restarted lists only itself until it has rejoined its cluster. So after a
   * reconnect a member that was alive and is no longer listed stays as it was for up to `rejoinGrace` ms.
   * When an event says that it left, failed or was reaped, the map follows the agent's list at once.
   * @throws RangeError for a time below 0; TypeError for an option that does not exist.
   * @example
   * membership().subscribe((members) => console.log(members.get('web-1')?.status))
   */
  readonly membership = (options: MembershipOptions = {}): Observable<ReadonlyMap<string, Member>> => {
    const resolved = resolveMembershipOptions(options)
    const key = `${resolved.resync} ${resolved.rejoinGrace}`
    const known = this.#memberships.get(key)
    if (known) return known
    const sources = {
      events$: this.stream(MEMBER_EVENT_TYPES),
      // Unlike a command, a membership waits for the first connection for as long as it takes.
      members$: concat(this.#connection.firstConnected$, this.run(membersCall())),
      gaps$: this.gaps$,
    }
    const membership$ = membershipOf(sources, resolved, this.#runtime.clock).pipe(
      share({ connector: () => new ReplaySubject(1) }),
    )
    this.#memberships.set(key, membership$)
    return membership$
  }

  /**
   * Emits the alive members by their estimated round trip from a node, the nearest first, and completes. If
   * alive, the node itself is one of them. Members without a coordinate are left out. The list is empty when
   * the node has none or is not known. Cold: each subscription asks the agent. Unsubscribing drops the
   * replies. Errors as `stats`, `members` and `getCoordinate` do.
   * @param options The largest number of members, or an object: `count`, `within` (the longest round trip in
   *   ms), `from` (the node; default: the agent's own).
   * @throws RangeError for a count below 1 or a time below 0; TypeError for an option that does not exist.
   * @example
   * nearest(3).subscribe((nodes) =>
   *   nodes.forEach(({ member, rtt }) => console.log(member.name, rtt.toFixed(1), 'ms')),
   * )
   * nearest({ within: 5, from: 'web-1' }).subscribe((nodes) => console.log(nodes.length))
   */
  readonly nearest = (options?: number | NearestOptions): Observable<Neighbour[]> => nearestOf(this, options)

  /**
   * Keeps tags set on the agent's node, because an agent forgets tags that were set over RPC when it
   * restarts. The tags are set at the subscription, after each reconnect, and when the Observable emits other
   * tags; those that it no longer has are removed. Emits `undefined` each time they are set. When values come
   * faster than the agent sets them, all but the newest are skipped.
   *
   * Cold: each subscription keeps its own tags. It holds the connection as a stream does. Completes when the
   * client is closed, not when the Observable completes. Unsubscribing leaves the tags as they are. Errors
   * when the Observable errors, and with `RpcError` when the agent refuses the tags (the limit for all is 512
   * bytes, encoded). A lost connection is not an error.
   * @param tags The tags, or an Observable of them. Other tags of the node stay as they are.
   * @throws TypeError for tags that are not strings.
   * @example
   * keepTags({ role: 'web', port: '8080' }).subscribe()
   */
  readonly keepTags = (tags: Tags | Observable<Tags>): Observable<void> => {
    const tags$ = isObservable(tags) ? tags : of(checkedTags(tags))
    return defer(() => {
      // A client that has ended gives the same error as for any other command.
      if (this.#connection.finalError) return this.tags({})
      const limit = this.#connection.awaitsFirst ? 0 : this.#connection.limitOf(tagsCall({}))
      return keepTagsOn(connectionsOf(this.#connection, 'tags', limit), tags$, this.tags)
    })
  }

  /**
   * Makes the agent leave its cluster and exit, which takes 1 to 2 s, and then ends this client as `close()`
   * does. Emits `undefined` and completes. Cold, but shared while it is in flight, because a second `leave`
   * makes an agent drop everything and exit at once. When the agent refuses, it errors with `RpcError` and
   * the client goes on.
   * @example
   * leave().subscribe(() => console.log('the agent has left'))
   */
  override readonly leave = (): Observable<void> =>
    defer(() => {
      this.#leaving ??= concat(
        this.run(leaveCall()).pipe(ignoreElements()),
        defer(() => {
          this.#end('leave()')
          return of(undefined)
        }),
      ).pipe(share())
      return this.#leaving
    })

  /**
   * Ends the client. `stream`, `monitor`, `membership`, `keepTags`, `status$` and `gaps$` complete. Commands
   * and queries that still wait for an answer error with `ConnectionError`, code `CLOSED`, and so does every
   * later subscription of a command or a stream. A second call does nothing.
   */
  readonly close = (): void => this.#end('close()');

  [Symbol.dispose](): void {
    this.close()
  }

  /** What `console.log` shows: addresses and status, but no key. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Client { ${this.#connection.addresses}, ${this.#connection.status} }`
  }

  /** @internal */
  protected override run<T>(call: Call<T>): Observable<T> {
    const own = needsOwnConnection(call)
    // A stream goes over the shared connection, where all subscribers of one filter share it.
    if (!call.traits.endless || own) return this.#operate(call, own)
    const records$ = this.#streams.of(call)
    return this.#traced(call, (subscriber) => records$.subscribe(subscriber))
  }

  /** @internal */
  protected override get ended(): boolean {
    return this.#connection.finalError !== undefined
  }

  /** @internal */
  protected override runOnOwnConnection<T>(call: Call<T>): Observable<T> {
    return this.#operate(call, true)
  }

  #traced<T>(call: Call<T>, subscribe: (subscriber: Subscriber<T>) => TeardownLogic): Observable<T> {
    return traced(call, () => this.#connection.address, subscribe)
  }

  #operate<T>(call: Call<T>, ownConnection: boolean): Observable<T> {
    return this.#traced(call, (subscriber) => {
      const { clock } = this.#runtime
      const operation = new Operation(call, ownConnection, this.#connection, clock, subscriber)
      operation.start()
      return operation
    })
  }

  #end(by: 'close()' | 'leave()'): void {
    this.#connection.close(by)
    this.#streams.close()
    this.#gapsSubscription.unsubscribe()
    this.#gaps.complete()
  }
}
