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
import { MEMBER_EVENT_TYPES } from '../events/event-types'
import type { Member } from '../member'
import { milliseconds } from '../arguments'
import { type Call, tagsCall } from '../protocol/calls'
import { connectionsOf } from './connections'
import { checkedTags, keepTagsOn, type Tags } from './keep-tags'
import { Operation } from './operation'
import { type Gap, gapsOf } from './gaps'
import { SharedConnection, type Runtime } from './shared-connection'
import { membershipOf } from './membership'
import { type NearestOptions, type Neighbour, nearestOf } from './nearest'
import { type ClientOptions, type ResolvedClientOptions, resolveClientOptions } from './options'
import { SharedStreams } from './shared-streams'
import type { ClientStatus } from './status'

export interface MembershipOptions {
  /** Milliseconds between two readings of the whole list. Default: 60,000; 0 is never. */
  resync?: number | undefined
}

const DEFAULT_RESYNC = 60_000

/**
 * A client that outlives its agent; `createClient()` makes it. It dials when something is subscribed, shares one connection among all,
 * comes back when that is lost, and never keeps a process alive that has nothing else to do.
 * On a loss streams and monitors go on once it is back, reads are sent again until their `timeout` has passed, and whatever
 * else was under way errors with `ConnectionError`, as it may have been carried out. See docs/reliability.md.
 */
export class Client extends Commands {
  readonly #options: ResolvedClientOptions
  readonly #runtime: Runtime
  readonly #connection: SharedConnection
  readonly #streams: SharedStreams
  readonly #gaps = new Subject<Gap>()
  readonly #memberships = new Map<number, Observable<ReadonlyMap<string, Member>>>()
  readonly #watching: Subscription
  #leaving: Observable<unknown> | undefined

  /** The status of the connection, then each change; completes with `closed`. Neither dials nor holds the process. */
  readonly status$: Observable<ClientStatus>

  /**
   * Where events of the streams listened to may have been lost: after a reconnect and, with `watchDrops`, where the agent's log says
   * that it dropped some. Hot; completes when the client is closed. Neither dials nor holds the process.
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
    this.#watching = gapsOf(this.#connection, this.#streams, runtime.clock, watchDrops).subscribe((gap) =>
      this.#gaps.next(gap),
    )
  }

  /**
   * All members by name, and a new map when something has changed: for each record of events, or per 50 ms under load.
   * A map once emitted never changes, and a member that stays the same stays the same object. Shared: a late subscriber
   * gets the current map at once. Never completes by itself. Errors as `stream` and `members` do; a lost connection is no error,
   * and the last map stands until the list can be read again.
   * @example
   * membership().subscribe((members) => console.log([...members.values()].filter((member) => member.status === 'alive').length))
   */
  readonly membership = (options: MembershipOptions = {}): Observable<ReadonlyMap<string, Member>> => {
    const resync = milliseconds(options.resync ?? DEFAULT_RESYNC, 0, 'the option resync')
    const known = this.#memberships.get(resync)
    if (known) return known
    const sources = { events$: this.stream(MEMBER_EVENT_TYPES), members$: this.members(), gaps$: this.gaps$ }
    const membership$ = membershipOf(sources, resync, this.#runtime.clock).pipe(
      share({ connector: () => new ReplaySubject(1) }),
    )
    this.#memberships.set(resync, membership$)
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
      const limit = this.#connection.limitOf(tagsCall({}))
      return keepTagsOn(connectionsOf(this.#connection, 'tags', limit), tags$, this.tags)
    })
  }

  /** Ends the client: everything that waits, and every later subscription, errors with `ConnectionError`, code `CLOSED`. */
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
    if (call.command === 'stream') return this.#streams.of(call)
    return call.command === 'leave' ? this.#leave(call) : this.#operate(call)
  }

  /** @internal */
  protected override runApart<T>(call: Call<T>): Observable<T> {
    return this.#operate(call, true)
  }

  #operate<T>(call: Call<T>, ownConnection?: boolean): Observable<T> {
    return new Observable((subscriber) => {
      const { clock } = this.#runtime
      const operation = new Operation(call, this.#connection, clock, subscriber, ownConnection)
      operation.start()
      return operation
    })
  }

  /** Shared while it is in flight: a second `leave` makes the agent drop everything and exit at once. */
  #leave<T>(call: Call<T>): Observable<T> {
    return defer(() => {
      this.#leaving ??= concat(
        this.#operate(call).pipe(ignoreElements()),
        defer(() => {
          this.#end('leave()')
          return of(undefined)
        }),
      ).pipe(share())
      return this.#leaving as Observable<T> // undefined, as the reply has it
    })
  }

  #end(by: 'close()' | 'leave()'): void {
    this.#connection.close(by)
    this.#streams.close()
    this.#watching.unsubscribe()
    this.#gaps.complete()
  }
}
