import {
  catchError,
  interval,
  NEVER,
  type Observable,
  Subject,
  Subscription,
  switchMap,
  takeUntil,
} from 'rxjs'
import { type Client, type LogLevel, type MemberChange, memberChanges } from 'serfx'
import type { AgentHealth, Connection, EventType, ShownEvent, ShownMember, Update } from '../../messages'
import { type AgentOptions, clientsOf } from './agents'
import { connectionSteps, noConnection } from './connection'
import { kindOf, shownEvent } from './events'
import { healthOf } from './health'
import { type LogLine, Logs } from './logs'
import { Rates } from './rates'
import { roundTripsOf } from './round-trips'
import { shownMember } from './shown-member'

/** The part of a message that all pages have in common. */
export type ClusterUpdate = Pick<
  Update,
  'connection' | 'health' | 'members' | 'roundTrips' | 'events' | 'rates'
>

/** How many events a page that opens gets. */
const KEPT_EVENTS = 500

/** The cluster as the agent shows it: what is known now, and each change. Works until it is closed. */
export class Cluster {
  readonly #members = new Map<string, ShownMember>()
  readonly #events: ShownEvent[] = []
  readonly #eventTotals = new Map<EventType, number>()
  readonly #rates: Rates
  #connection: Connection
  #health: AgentHealth | undefined
  #roundTrips: Record<string, number> = {}
  #lastEvent: number

  readonly #closed = new Subject<void>()
  readonly #updates = new Subject<ClusterUpdate>()
  readonly #client$: Observable<Client>
  readonly #logs: Logs
  readonly #work = new Subscription()

  constructor(
    options: AgentOptions,
    private readonly now: () => number = Date.now,
  ) {
    this.#connection = noConnection(`${options.host}:${options.port}`, now())
    this.#rates = new Rates(now())
    // Far beyond the ids of a server that ran before: a page that has paused its feed tells old from new by
    // them.
    this.#lastEvent = 1_000 * now()
    this.#client$ = clientsOf(options, (error) => this.#connect({ ...this.#connection, error })).pipe(
      takeUntil(this.#closed),
    )
    this.#logs = new Logs(this.#client$)
    this.#listen()
  }

  get updates$(): Observable<ClusterUpdate> {
    return this.#updates.asObservable()
  }

  /** The current client, then each one that replaces it. */
  get client$(): Observable<Client> {
    return this.#client$
  }

  get connection(): Connection {
    return this.#connection
  }

  get health(): AgentHealth | undefined {
    return this.#health
  }

  get members(): ReadonlyMap<string, ShownMember> {
    return this.#members
  }

  get roundTrips(): Readonly<Record<string, number>> {
    return this.#roundTrips
  }

  /** Events since the start, by type. */
  get eventTotals(): ReadonlyMap<EventType, number> {
    return this.#eventTotals
  }

  /** All that is known now, for a page that knows nothing. */
  snapshot(): ClusterUpdate {
    return {
      connection: this.#connection,
      ...(this.#health && { health: this.#health }),
      members: { put: [...this.#members.values()], removed: [] },
      roundTrips: this.#roundTrips,
      events: [...this.#events],
      rates: [...this.#rates.past],
    }
  }

  log(level: LogLevel): Observable<LogLine> {
    return this.#logs.of(level)
  }

  close(): void {
    this.#work.unsubscribe()
    this.#closed.next()
    this.#updates.complete()
  }

  #listen(): void {
    // An error of one of these is an error of the client, which `clientsOf` replaces.
    const ofClient = <T>(source: (client: Client) => Observable<T>): Observable<T> =>
      this.#client$.pipe(switchMap((client) => source(client).pipe(catchError(() => NEVER))))
    const on = <T>(source$: Observable<T>, take: (value: T) => void) =>
      this.#work.add(source$.subscribe({ next: take, error: (error: unknown) => this.#updates.error(error) }))

    on(
      ofClient((client) => connectionSteps(client, this.now)),
      (step) => this.#connect(step(this.#connection)),
    )
    on(ofClient(({ membership }) => membership()).pipe(memberChanges()), (change) => this.#change(change))
    on(
      ofClient(({ stream }) => stream('*')),
      (event) => this.#hear(shownEvent(event, ++this.#lastEvent, this.now())),
    )
    on(ofClient(healthOf), (health) => this.#tell({ health: (this.#health = health) }))
    on(ofClient(roundTripsOf), (roundTrips) => this.#tell({ roundTrips: (this.#roundTrips = roundTrips) }))
    on(interval(1_000), () => this.#tell({ rates: this.#rates.close(this.now()) }))
  }

  #connect(connection: Connection): void {
    if (connection === this.#connection) return
    this.#tell({ connection: (this.#connection = connection) })
  }

  #change({ type, member }: MemberChange): void {
    const { name } = member
    if (type === 'removed') {
      this.#members.delete(name)
      this.#tell({ members: { put: [], removed: [name] } })
      return
    }
    const shown = shownMember(member)
    this.#members.set(name, shown)
    this.#tell({ members: { put: [shown], removed: [] } })
  }

  #hear(event: ShownEvent): void {
    this.#rates.count(kindOf(event))
    this.#eventTotals.set(event.type, (this.#eventTotals.get(event.type) ?? 0) + 1)
    this.#events.push(event)
    if (this.#events.length > KEPT_EVENTS) this.#events.shift()
    this.#tell({ events: [event] })
  }

  #tell(update: ClusterUpdate): void {
    this.#updates.next(update)
  }
}
