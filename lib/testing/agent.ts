import { Subject, type Observable } from 'rxjs'
import { dictionary, flag, integerBetween, knownOptions, MAX_TIMEOUT, oneOf, shown, text } from '../arguments'
import type { Member } from '../member'
import type { Payload } from '../payload'
import type { EventFilter } from '../protocol/event-filter'
import type { Coordinate, LogLevel } from '../protocol/replies'
import { AgentFaults } from './agent-faults'
import { LOG_LEVELS } from './cluster/log'
import { checkedMembers } from './cluster/member'
import { payloadBytes } from './cluster/payload'
import type { QueryHandler } from './cluster/queries'
import type { UserEventHandler } from './cluster/events'
import { Serf } from './cluster/serf'
import { FaultPlan } from './ipc/faults'
import { Listener } from './ipc/listener'
import { checkedEnding, type Ending } from './ipc/write-queue'
import type { ReceivedRequest } from './ipc/session'
import { streamOpened } from './ipc/stream-opened'
import { resolveTestAgentOptions, type TestAgentOptions } from './options'

/** The answer of a client to a query of another node. */
export interface CapturedAnswer {
  payload: Buffer
  /** `payload` as UTF-8. */
  text: string
}

/** How a {@link TestAgent} restarts. */
export interface RestartOptions {
  /** Whether the agent lists only itself until `rejoin`. Default: false. */
  alone?: boolean | undefined
}

/**
 * A Serf agent for tests, in the same process. It speaks the agent's side of the RPC protocol on a port of
 * 127.0.0.1, and a test decides what happens in its cluster. Like any server it keeps the process alive until
 * `stop`.
 * Source: serf 0.9.4; the same specs run against a real agent.
 * @example
 * await using agent = await TestAgent.start({ members: [{ name: 'web-1', tags: { role: 'web' } }] })
 * const client = createClient({ port: agent.port })
 */
export class TestAgent {
  /** Makes requests and connections fail on demand. */
  readonly faults: AgentFaults
  readonly #serf: Serf
  readonly #listener: Listener
  readonly #requests = new Subject<ReceivedRequest>()
  #lastChange = Promise.resolve()

  private constructor(options: TestAgentOptions) {
    const plan = new FaultPlan()
    this.#serf = new Serf(resolveTestAgentOptions(options))
    const { port } = this.#serf.options
    this.#listener = new Listener(this.#serf, plan, port, (request) => this.#requests.next(request))
    this.#serf.ended = () => this.#leaveNetwork()
    this.faults = new AgentFaults(this.#serf, plan, this.#listener)
  }

  /** Starts an agent and resolves when clients can connect. */
  static async start(options: TestAgentOptions = {}): Promise<TestAgent> {
    const agent = new TestAgent(options)
    await agent.#open()
    return agent
  }

  /** The name of the agent's own node. */
  get name(): string {
    return this.#serf.options.name
  }

  get host(): string {
    return this.#listener.host
  }

  /** The RPC port: the option `port`, or else one that the system chose. A restart keeps it. */
  get port(): number {
    return this.#listener.port
  }

  /**
   * The address (`host:port`) at which other test agents of this process can join it with the command `join`.
   * From then on they are one cluster and share members, events, queries and keys. The agent's own member has
   * the same address.
   */
  get gossip(): string {
    return this.#serf.gossip
  }

  /** Whether it runs: false after `stop`, and after a client made it leave. */
  get running(): boolean {
    return this.#serf.running
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#listener.sessions.size
  }

  /** A copy of the members that the agent knows now, its own among them. */
  get members(): Member[] {
    return [...this.#serf.members].map((member) => ({ ...member, tags: { ...member.tags } }))
  }

  /**
   * Emits every request when the agent starts to carry it out. Shared: earlier requests are not repeated.
   * Never completes or errors, and continues after `restart`.
   * @example
   * agent.requests$.subscribe(({ command, body }) => console.log(command, body))
   */
  get requests$(): Observable<ReceivedRequest> {
    return this.#requests.asObservable()
  }

  /**
   * Makes a member join or come back: `member-join`. Fields that are left out keep their value, or get a
   * default one. For a member that is alive it changes the given fields: `member-update`, if one differs.
   * @throws TypeError for a field that no member has, an empty name, or an address that is no IP address.
   */
  join(member: Partial<Member>): void {
    this.#serf.join(member)
  }

  /**
   * Makes a member fail: `member-failed`, or `member-leave` for a member that is `leaving`.
   * @throws RangeError for a name that the agent does not know, and for the agent's own.
   */
  fail(name: string): void {
    this.#serf.fail(this.#other(name))
  }

  /**
   * Makes a member leave: `member-leave`.
   * @throws RangeError for a name that the agent does not know, and for the agent's own.
   */
  leave(name: string): void {
    this.#serf.change('member-leave', { ...this.#other(name), status: 'left' })
  }

  /**
   * Replaces all tags of a member, or of the agent itself: `member-update`.
   * @throws RangeError for a name that the agent does not know.
   */
  update(name: string, tags: Record<string, string>): void {
    this.#serf.change('member-update', {
      ...this.#serf.memberNamed(name),
      tags: dictionary(tags, 'the tags'),
    })
  }

  /**
   * Makes the agent forget a member: `member-reap`.
   * @throws RangeError for a name that the agent does not know, and for the agent's own.
   */
  reap(name: string): void {
    this.#serf.change('member-reap', this.#other(name))
  }

  /**
   * Sets the members that the command `join` adds from this address (`host:port`). The addresses of alive
   * members and of other test agents of this process can be joined without this; any other refuses the
   * connection.
   * @throws TypeError for a field that no member has.
   */
  onJoin(address: string, members: readonly Partial<Member>[]): void {
    this.#serf.joinable.set(text(address, 'the address'), checkedMembers(members, 'the members'))
  }

  /**
   * Makes another node fire a user event.
   * @param options.coalesce Whether the event waits for `quiescentPeriod`, after which only the newest one of
   *   its name is delivered. Default: true, as in `event`.
   * @throws RangeError for an event over the limit (option `userEventSizeLimit`).
   */
  userEvent(name: string, payload?: Payload, options: { coalesce?: boolean | undefined } = {}): void {
    const { coalesce } = knownOptions(options, { coalesce: true }, 'the options of userEvent')
    const bytes = payloadBytes(payload)
    const isCoalesced = flag(coalesce, true, 'coalesce')
    const failure = this.#serf.userEvent(text(name, 'the name of an event'), bytes, isCoalesced)
    if (failure !== undefined) throw new RangeError(failure)
  }

  /**
   * Makes another node send a query. Resolves with the first answer that a client gives, or with `undefined`
   * when there was none before the deadline, or when the agent stopped.
   * @param options.timeout Milliseconds. Default: the option `queryTimeout`.
   * @throws RangeError (as a rejection) for a query over the limit (option `querySizeLimit`).
   * @example
   * expect(await agent.query('greet', 'Ada')).toMatchObject({ text: 'Hello, Ada' })
   */
  async query(
    name: string,
    payload?: Payload,
    options: { timeout?: number | undefined } = {},
  ): Promise<CapturedAnswer | undefined> {
    const { timeout = this.#serf.options.queryTimeout } = knownOptions(
      options,
      { timeout: true },
      'the options of query',
    )
    integerBetween(timeout, 0, MAX_TIMEOUT, 'timeout')
    const answer = await this.#serf.queries.receive(
      text(name, 'the name of a query'),
      payloadBytes(payload),
      timeout,
    )
    return answer && { payload: answer, text: answer.toString() }
  }

  /**
   * Sets what the nodes answer to queries of this name. The handler is called with the name of each alive
   * member that the query's filters select. It returns a payload or a promise of one; `undefined` means that
   * this node does not answer. A payload that is too large or late is dropped. A second handler of the same
   * name replaces the first. When a handler throws, that node does not answer, and `stop` rejects with the
   * error as its `cause`.
   * @example
   * agent.onQuery('load', ({ node }) => (node === 'web-1' ? '0.5' : undefined))
   */
  onQuery(name: string, handler: QueryHandler): void {
    this.#serf.queries.handlers.set(text(name, 'the name of a query'), checkedHandler(handler))
  }

  /**
   * Sets what the agent's own node does when a user event of this name reaches it, whoever fired it, as an
   * event handler of a real agent would. A second handler of the same name replaces the first. When a handler
   * throws, `stop` rejects with the error as its `cause`.
   */
  onUserEvent(name: string, handler: UserEventHandler): void {
    this.#serf.events.handlers.set(text(name, 'the name of an event'), checkedHandler(handler))
  }

  /**
   * Sets the coordinate of a node; `null` means that the agent has none. Default: that of a node without
   * measurements.
   */
  place(node: string, coordinate: Coordinate | null): void {
    this.#serf.coordinates.place(node, coordinate)
  }

  /**
   * Writes a line to the agent's log, which monitors follow: `log('agent: hello', 'warn')`. Default level:
   * `info`.
   */
  log(line: string, level: LogLevel = 'info'): void {
    this.#serf.log.write(oneOf(level, LOG_LEVELS, 'the level'), text(line, 'a line of the log'))
  }

  /**
   * Resolves when a client has a stream that delivers the events of this filter; `'*'` accepts any stream.
   * What happens from then on reaches that client. Waits without a limit.
   * @throws TypeError (as a rejection) for an invalid event filter.
   */
  async streaming(filter: EventFilter = '*'): Promise<void> {
    await streamOpened(this.#listener, this.#serf.events.listened$, filter)
  }

  /**
   * Resolves when everything that has happened so far was handed to the system: no event waits any more.
   */
  async drained(): Promise<void> {
    await this.#serf.events.settled()
    await Promise.all([...this.#listener.sessions].map((session) => session.drained()))
  }

  /**
   * Disconnects every client: `fin` after everything that is still to be sent, `rst` at once.
   * @throws TypeError for any other value.
   */
  disconnect(how: Ending): void {
    this.#listener.disconnect(checkedEnding(how))
  }

  /**
   * Ends the agent: its connections, its timers and its port. `restart` starts it again; a second `stop` does
   * nothing. Rejects when a handler of `onQuery` or `onUserEvent` has thrown, with the first such error as
   * `cause`.
   */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#serf.vanish()
      await this.#listener.destroy()
      const failures = this.#serf.failures.splice(0)
      if (failures.length === 0) return
      throw new Error('a handler of onQuery or onUserEvent has failed', { cause: failures[0] })
    })
  }

  /**
   * Ends the agent and starts it again on the same port, as a new process would. Members, keys, handlers and
   * faults stay. Connections and queries end, the log is empty, Lamport times start again, and the agent's
   * own tags are those of the options again.
   * @param options.alone Whether the agent lists only itself until `rejoin`. Until then, changes of other
   *   members do not show. Default: false.
   */
  async restart(options: RestartOptions = {}): Promise<void> {
    const { alone } = knownOptions(options, { alone: true }, 'the options of restart')
    const isAlone = flag(alone, false, 'alone')
    await this.#inTurn(async () => {
      await this.#listener.destroy()
      this.#serf.reset(isAlone)
      await this.#open()
      if (!isAlone) this.#serf.rejoin()
    })
  }

  /**
   * Ends the time alone after `restart({ alone: true })`: the agent learns of each member of its cluster
   * (`member-join`). Does nothing when the agent is not alone.
   */
  rejoin(): void {
    this.#serf.rejoin()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Runs `act` after the last `stop` or `restart` has ended. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const run = this.#lastChange.then(act)
    this.#lastChange = run.catch(() => undefined)
    return run
  }

  async #open(): Promise<void> {
    await this.#listener.open()
    this.#serf.started(this.port)
  }

  /** The agent has left: its process would end now. */
  #leaveNetwork(): void {
    this.#listener.close()
    this.#listener.disconnect('fin')
    this.#serf.halt()
  }

  /** A member other than the agent itself. */
  #other(name: string): Member {
    if (name === this.name)
      throw new RangeError(`${name} is the agent itself: call stop(), or let a client make it leave`)
    return this.#serf.memberNamed(name)
  }
}

function checkedHandler<T>(handler: T): T {
  if (typeof handler !== 'function')
    throw new TypeError(`a handler must be a function, not ${shown(handler)}`)
  return handler
}
