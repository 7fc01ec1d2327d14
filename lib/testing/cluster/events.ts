import { Subject } from 'rxjs'
import type { MemberEventType } from '../../events/event'
import type { Timers } from '../timers'
import type { ResolvedTestAgentOptions } from '../options'
import { memberRecord, userRecord } from '../wire/records'
import type { AgentEvent, EventListener } from './agent-event'
import type { Log } from './log'
import { CoalesceWindow } from './coalesce-window'

/** A user event as it reaches the agent's own node. */
export interface ReceivedUserEvent {
  name: string
  /** Bytes; empty where none were sent. */
  payload: Buffer
  /** `payload` as UTF-8. */
  text: string
  ltime: number
  coalesce: boolean
}

/** Handles a user event on the agent's own node. */
export type UserEventHandler = (event: ReceivedUserEvent) => void | Promise<void>

export interface UserEventMessage {
  name: string
  payload: Buffer | null
  ltime: number
  coalesce: boolean
}

/** A change of a member, with the bytes of the member as it then was. */
interface Change {
  type: MemberEventType
  name: string
  bytes: Buffer
}

/**
 * Delivers events to the streams: some at once, some coalesced first.
 * Source: serf 0.9.4, serf/coalesce_member.go and coalesce_user.go.
 */
export class Events {
  readonly listeners = new Set<EventListener>()
  /** Emits when there is one more listener. */
  readonly listened$ = new Subject<void>()
  /** The node's handlers by the name of the user event. */
  readonly handlers = new Map<string, UserEventHandler>()
  readonly #memberWindow: CoalesceWindow
  readonly #userWindow: CoalesceWindow
  /** The last change of each member, by its name. */
  #changes = new Map<string, Change>()
  /** The last event of each member. */
  readonly #told = new Map<string, MemberEventType>()
  /** The newest user events of each name: more than one where they have the same time. */
  #userEvents = new Map<string, UserEventMessage[]>()

  constructor(
    timers: Timers,
    private readonly log: Log,
    /** The errors that a test's handlers have thrown. */
    private readonly failures: unknown[],
    { quiescentPeriod, coalescePeriod }: ResolvedTestAgentOptions,
  ) {
    const window = (flush: () => void) => new CoalesceWindow(timers, quiescentPeriod, coalescePeriod, flush)
    this.#memberWindow = window(() => this.#flushMembers())
    this.#userWindow = window(() => this.#flushUserEvents())
  }

  /** Delivers events to this listener from now on. */
  listen(listener: EventListener): void {
    this.listeners.add(listener)
    this.listened$.next()
  }

  /** Delivers an event to all streams. */
  emit(event: AgentEvent): void {
    this.log.write('info', `agent: Received event: ${titleOf(event)}`)
    for (const listener of [...this.listeners]) listener.offer(event)
  }

  member(type: MemberEventType, name: string, bytes: Buffer): void {
    this.#changes.set(name, { type, name, bytes })
    this.#memberWindow.touch()
  }

  /** Counts the join of this member as delivered. */
  joined(name: string): void {
    this.#told.set(name, 'member-join')
  }

  user(event: UserEventMessage): void {
    if (!event.coalesce) {
      this.#emitUser(event)
      return
    }
    const held = this.#userEvents.get(event.name)
    const newest = held?.[0]?.ltime ?? 0
    if (held && newest === event.ltime) held.push(event)
    else if (newest < event.ltime) this.#userEvents.set(event.name, [event])
    this.#userWindow.touch()
  }

  /** Resolves when everything that was gathered has been delivered. */
  async settled(): Promise<void> {
    await Promise.all([this.#memberWindow.closed(), this.#userWindow.closed()])
  }

  /** Forgets what was gathered and what was delivered. */
  clear(): void {
    this.#memberWindow.cancel()
    this.#userWindow.cancel()
    this.#changes.clear()
    this.#userEvents.clear()
    this.#told.clear()
  }

  #emitUser(event: UserEventMessage): void {
    this.emit({ event: 'user', name: event.name, record: userRecord(event) })
    void this.#handle(event)
  }

  async #handle(event: UserEventMessage): Promise<void> {
    const payload = Buffer.from(event.payload ?? [])
    try {
      await this.handlers.get(event.name)?.({ ...event, payload, text: payload.toString() })
    } catch (error) {
      this.failures.push(error)
    }
  }

  #flushMembers(): void {
    const changes = [...this.#changes.values()].filter(
      // A member that failed and came back in between makes no event; each update does.
      ({ type, name }) => type === 'member-update' || this.#told.get(name) !== type,
    )
    this.#changes = new Map()
    for (const { type, name } of changes) this.#told.set(name, type)
    for (const type of new Set(changes.map((change) => change.type))) {
      const members = changes.filter((change) => change.type === type).map(({ bytes }) => bytes)
      this.emit({ event: type, name: '', record: memberRecord(type, members) })
    }
  }

  #flushUserEvents(): void {
    const events = [...this.#userEvents.values()].flat()
    this.#userEvents = new Map()
    for (const event of events) this.#emitUser(event)
  }
}

function titleOf({ event, name }: AgentEvent): string {
  if (event === 'user') return `user-event: ${name}`
  return event === 'query' ? `query: ${name}` : event
}
