import { Subject, type Observable } from 'rxjs'
import { flag, integerBetween, knownOptions, MAX_TIMEOUT, shown } from '../arguments'
import type { Member } from '../member'
import type { Payload } from '../payload'
import type { EventFilter } from '../protocol/event-filter'
import type { Coordinate, LogLevel } from '../protocol/replies'
import { AgentFaults } from './agent-faults'
import { checkedMember } from './cluster/member'
import { payloadBytes } from './cluster/payload'
import type { QueryHandler } from './cluster/queries'
import type { UserEventHandler } from './cluster/events'
import { Serf } from './cluster/serf'
import { FaultPlan } from './ipc/faults'
import { parseEventFilter } from './ipc/event-filter'
import { Listener } from './ipc/listener'
import { checkedEnding, type Ending } from './ipc/write-queue'
import type { ReceivedRequest } from './ipc/session'
import { resolveTestAgentOptions, type TestAgentOptions } from './options'

/** What a client answered to a query of another node. */
export interface CapturedAnswer {
  payload: Buffer
  /** `payload` as UTF-8. */
  text: string
}

/** How a {@link TestAgent} restarts. */
export interface RestartOptions {
  /** Whether it comes back without its cluster. Default: false. */
  alone?: boolean | undefined
}

/**
 * A Serf agent for tests, in this process: it speaks the agent's side of the RPC protocol on a port of 127.0.0.1, and its cluster does
 * what a spec says. Like any server it keeps the process alive until `stop`.
 * Source: serf 0.9.4, held to the same specs as a real agent.
 * @example
 * await using agent = await TestAgent.start({ members: [{ name: 'web-1', tags: { role: 'web' } }] })
 * const client = createClient({ port: agent.port })
 */
export class TestAgent {
  /** What goes wrong, on demand. */
  readonly faults: AgentFaults
  readonly #serf: Serf
  readonly #listener: Listener
  readonly #requests = new Subject<ReceivedRequest>()

  private constructor(options: TestAgentOptions) {
    const plan = new FaultPlan()
    this.#serf = new Serf(resolveTestAgentOptions(options))
    const { port } = this.#serf.options
    this.#listener = new Listener(this.#serf, plan, port, (request) => this.#requests.next(request))
    this.#serf.ended = () => this.#leaveNetwork()
    this.faults = new AgentFaults(plan, this.#listener)
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

  /** The RPC port: the system chose it, and a restart keeps it. */
  get port(): number {
    return this.#listener.port
  }

  /**
   * Where other test agents of this process find it, for the command `join`: from then on they are one cluster, with members,
   * events, queries and keys in common. The same `host:port` stands in its own member.
   */
  get gossip(): string {
    return this.#serf.gossip
  }

  /** Whether it is there: false after `stop`, and when a client made it leave. */
  get running(): boolean {
    return this.#serf.running
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#listener.sessions.size
  }

  /** The members as the agent knows them now, its own among them. */
  get members(): Member[] {
    return [...this.#serf.members].map((member) => ({ ...member, tags: { ...member.tags } }))
  }

  /** Every request, as it is taken up. Hot; never completes. */
  get requests$(): Observable<ReceivedRequest> {
    return this.#requests.asObservable()
  }

  /** A member joins, or comes back: what is left out stays as it was, or is made up. Tells `member-join`. */
  join(member: Partial<Member>): void {
    this.#serf.join(member)
  }

  /** A member fails. Tells `member-failed`; of one that is `leaving`, `member-leave`. Throws a `RangeError`, here and below, for a name that the agent does not know. */
  fail(name: string): void {
    this.#serf.fail(this.#other(name))
  }

  /** A member leaves. Tells `member-leave`. */
  leave(name: string): void {
    this.#serf.change('member-leave', { ...this.#other(name), status: 'left' })
  }

  /** A member, or the agent itself, has these tags from now on, and no others. Tells `member-update`. */
  update(name: string, tags: Record<string, string>): void {
    this.#serf.change('member-update', { ...this.#serf.memberNamed(name), tags: { ...tags } })
  }

  /** A member is forgotten. Tells `member-reap`. */
  reap(name: string): void {
    this.#serf.change('member-reap', this.#other(name))
  }

  /** Joining this address (`host:port`) brings these members. So does the address of another test agent; any other that is no alive member's
   * refuses the connection. */
  onJoin(address: string, members: readonly Partial<Member>[]): void {
    this.#serf.joinable.set(address, members.map(checkedMember))
  }

  /**
   * Another node fires a user event.
   * @param options.coalesce Whether it is held back for `quiescentPeriod`, with only the newest of its name delivered. Default: true, as in `event`.
   * @throws RangeError for an event over the limit.
   */
  userEvent(name: string, payload?: Payload, options: { coalesce?: boolean | undefined } = {}): void {
    const { coalesce } = knownOptions(options, { coalesce: true }, 'the options of userEvent')
    const failure = this.#serf.userEvent(name, payloadBytes(payload), flag(coalesce, true, 'coalesce'))
    if (failure !== undefined) throw new RangeError(failure)
  }

  /**
   * Another node asks. Resolves with the first answer that a client gives, with `undefined` where none did before the deadline.
   * @param options.timeout Milliseconds. Default: the option `queryTimeout`.
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
    const answer = await this.#serf.queries.receive(name, payloadBytes(payload), timeout)
    return answer && { payload: answer, text: answer.toString() }
  }

  /**
   * What the nodes answer to queries of this name: called for each alive member that the query's filters select, with its name. Gives a payload, or a
   * promise of one that comes before the deadline; `undefined` leaves that node silent. One that is too large is dropped.
   * A later handler takes the place of an earlier. What it throws makes the node silent, and `stop` reject.
   */
  onQuery(name: string, handler: QueryHandler): void {
    this.#serf.queries.handlers.set(name, handler)
  }

  /**
   * What the agent's own node does when a user event of this name reaches it, whoever fired it: called as an agent runs an event
   * handler. A later handler takes the place of an earlier. What it throws makes `stop` reject.
   */
  onUserEvent(name: string, handler: UserEventHandler): void {
    this.#serf.events.handlers.set(name, handler)
  }

  /** Where a node lies, `null` where the agent is not to know. Default: in the middle. */
  place(node: string, coordinate: Coordinate | null): void {
    this.#serf.coordinates.place(node, coordinate)
  }

  /** Writes a line to the agent's log, which a monitor follows. `log('agent: hello', 'warn')` */
  log(line: string, level: LogLevel = 'info'): void {
    this.#serf.log.write(level, line)
  }

  /** Resolves when some client streams what this filter stands for (`'*'`: anything): what happens from then on reaches it. */
  async streaming(filter: EventFilter = '*'): Promise<void> {
    const [wanted] = parseEventFilter(filter) ?? []
    if (!wanted) throw new TypeError(`${shown(filter)} is no event filter`)
    const found = () =>
      [...this.#listener.sessions].some(
        ({ client, writes }) =>
          !writes.over &&
          [...client.streams.values()].some(
            (stream) => wanted.event === '*' || stream.accepts(wanted.event, wanted.name),
          ),
      )
    await new Promise<void>((resolve) => {
      if (found()) {
        resolve()
        return
      }
      const watching = this.#requests.subscribe(() => {
        // The request is told of before it is carried out.
        setImmediate(() => {
          if (!found()) return
          watching.unsubscribe()
          resolve()
        })
      })
    })
  }

  /** Resolves when all that has happened so far is on its way to the clients: nothing gathers, nothing waits. */
  async drained(): Promise<void> {
    await this.#serf.events.settled()
    await Promise.all([...this.#listener.sessions].map((session) => session.drained()))
  }

  /** Drops every client: with a FIN after all that is to be sent, or a RST at once. */
  disconnect(how: Ending): void {
    this.#listener.disconnect(checkedEnding(how))
  }

  /** Ends: no connection, no timer, no port; `restart` brings it back. Rejects with what a query handler has thrown, if one has. */
  async stop(): Promise<void> {
    this.#serf.vanish()
    await this.#listener.destroy()
    const failures = this.#serf.failures.splice(0)
    if (failures.length === 0) return
    throw new Error('a handler of onQuery or onUserEvent has failed', { cause: failures[0] })
  }

  /**
   * Ends and starts again on the same port, as a process would. Members, keys, handlers and faults stay as they are. Connections,
   * queries, log and the times of events are new, and the agent's own tags are those of the options again.
   * @param options.alone It lists itself alone, until `rejoin`; what happens to the others meanwhile shows then. Default: false.
   */
  async restart(options: RestartOptions = {}): Promise<void> {
    const { alone } = knownOptions(options, { alone: true }, 'the options of restart')
    const isAlone = flag(alone, false, 'alone')
    await this.#listener.destroy()
    this.#serf.reset(isAlone)
    await this.#open()
    if (!isAlone) this.#serf.rejoin()
  }

  /** After `restart({ alone: true })`: its cluster is there again, and it learns of each member. Tells `member-join`.
   * Does nothing where it is not alone. */
  rejoin(): void {
    this.#serf.rejoin()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #open(): Promise<void> {
    await this.#listener.open()
    this.#serf.started(this.port)
  }

  /** The agent has left: its process ends. */
  #leaveNetwork(): void {
    this.#listener.close()
    this.#listener.disconnect('fin')
    this.#serf.halt()
  }

  /** A member that something happens to; the agent itself is always there. */
  #other(name: string): Member {
    if (name === this.name)
      throw new RangeError(`${name} is the agent itself: stop it, or let a client make it leave`)
    return this.#serf.memberNamed(name)
  }
}
