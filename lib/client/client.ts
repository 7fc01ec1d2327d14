import {
  concat,
  defer,
  ignoreElements,
  isObservable,
  Observable,
  of,
  ReplaySubject,
  share,
  Subject,
  type Subscription,
} from 'rxjs'
import { systemClock } from '../connection/clock'
import { Commands } from '../connection/commands'
import { traced, traceGap } from '../connection/tracing'
import { MEMBER_EVENT_TYPES } from '../events/event-types'
import type { Member } from '../member'
import { type Call, leaveCall, membersCall, needsOwnConnection, tagsCall } from '../protocol/calls'
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
 * A client that outlives its agent; `createClient()` makes it. It dials at the first subscription, shares one connection among all,
 * reconnects after a loss, and never keeps an idle process alive.
 * After a loss streams and monitors go on, reads are sent again until their `timeout` has passed, and anything else that was in
 * flight errors with `ConnectionError`, as it may have been carried out. See docs/reliability.md.
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

  /** The status of the connection, then each change; completes with `closed`. It neither dials nor keeps the process alive. */
  readonly status$: Observable<ClientStatus>

  /**
   * Emits when streams that have subscribers may have missed events: after a reconnect and, with `watchDrops`, when the agent's log
   * says that it dropped some. Hot; completes when the client is closed. It neither dials nor keeps the process alive.
   * @example
   * gaps$.subscribe(({ reason, at }) => console.warn(`events may be missing (${reason}) at ${at.toISOString()}`))
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
   * All members by name, and a new map when something has changed: for each record of events, or per 50 ms under load, or less often
   * where a copy of the map takes long.
   * A map once emitted never changes, and a member that stays the same stays the same object. Shared: a late subscriber
   * gets the current map at once. Completes when the client is closed. Errors as `stream` and `members` do; a lost connection is no
   * error, and the last map stands until the list can be read again.
   *
   * An agent that has just restarted lists itself alone until it has rejoined its cluster. So after a reconnect a member that was alive
   * stays for `rejoinGrace` ms although it is not listed. It changes at once when an event tells that it left, failed or was reaped.
   * @throws RangeError for a time below 0; TypeError for an option that does not exist.
   * @example
   * membership().subscribe((members) => console.log([...members.values()].filter((member) => member.status === 'alive').length))
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
   * The alive members by their estimated round trip from a node, the nearest first. That node is one of them.
   * Emits once. Members without a coordinate are left out; the list is empty where the node itself has none or is not known.
   * @param options How many at most, or an object: `count`, `within` (the longest round trip in ms), `from` (the node; default:
   * the agent's own).
   * @throws RangeError for a count below 1 or a time below 0; TypeError for an option that does not exist.
   * @example
   * nearest(3).subscribe((nodes) => nodes.forEach(({ member, rtt }) => console.log(member.name, rtt.toFixed(1), 'ms')))
   * nearest({ within: 5, from: 'web-1' }).subscribe((nodes) => console.log(nodes.length))
   */
  readonly nearest = (options?: number | NearestOptions): Observable<Neighbour[]> => nearestOf(this, options)

  /**
   * Keeps tags set on the agent's node: an agent that restarts forgets those that were set over RPC. Sets them when it is subscribed,
   * when the Observable gives others (tags that it no longer has are removed), and after each reconnect. Emits each time they are set;
   * of values that come faster than the agent sets them only the newest counts. Completes when the client is closed, not with the
   * Observable. Holds the connection, as a stream does. Unsubscribing leaves the tags as they are.
   * Errors with the Observable, and with `RpcError` when the agent refuses: all tags have room in 512 bytes. A lost connection is no
   * error.
   * @param tags The tags, or an Observable of them. Other tags of the node stay as they are.
   * @throws TypeError for tags that are no strings.
   * @example
   * keepTags({ role: 'web', port: '8080' }).subscribe()
   */
  readonly keepTags = (tags: Tags | Observable<Tags>): Observable<void> => {
    const tags$ = isObservable(tags) ? tags : of(checkedTags(tags))
    return defer(() => {
      // A client that has ended says so as it does for any command.
      if (this.#connection.finalError) return this.tags({})
      const limit = this.#connection.awaitsFirst ? 0 : this.#connection.limitOf(tagsCall({}))
      return keepTagsOn(connectionsOf(this.#connection, 'tags', limit), tags$, this.tags)
    })
  }

  /**
   * Makes the agent leave its cluster and exit, which takes 1 to 2 s, and ends this client as `close()` does. Shared while it is in
   * flight: a second `leave` makes the agent drop everything and exit at once.
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
   * Ends the client. `stream`, `monitor`, `membership`, `status$` and `gaps$` complete. Commands and queries that still owe an answer
   * error with `ConnectionError`, code `CLOSED`, and so does every later subscription of a command. May be called again.
   */
  readonly close = (): void => this.#end('close()');

  [Symbol.dispose](): void {
    this.close()
  }

  /** What `console.log` shows: where it leads, and no key. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Client { ${this.#connection.addresses}, ${this.#connection.status} }`
  }

  /** @internal */
  protected override run<T>(call: Call<T>): Observable<T> {
    const own = needsOwnConnection(call)
    // A stream goes over the shared connection, where all subscribers of one filter can share it.
    return this.#traced(call, call.traits.endless && !own ? this.#streams.of(call) : this.#operate(call, own))
  }

  /** @internal */
  protected override runOnOwnConnection<T>(call: Call<T>): Observable<T> {
    return this.#traced(call, this.#operate(call, true))
  }

  #traced<T>(call: Call<T>, values$: Observable<T>): Observable<T> {
    return traced(call, () => this.#connection.address, values$)
  }

  #operate<T>(call: Call<T>, ownConnection: boolean): Observable<T> {
    return new Observable((subscriber) => {
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
