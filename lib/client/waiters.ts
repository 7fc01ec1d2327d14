import type { Channel } from '../connection/channel'
import type { Clock } from '../connection/clock'
import { Deadlines, type Expiring } from '../connection/deadlines'
import type { SerfError } from '../errors'
import { type LinkedItem, LinkedSet } from './linked-set'

/** Something that needs the connection, from its subscription to its end. */
export interface Waiter extends Expiring, LinkedItem<Waiter> {
  /** Whether it goes on after the channel has ended for this reason. */
  survives(reason: SerfError): boolean
  /** Called when there is a connection, once for each `wait`. */
  onConnected(channel: Channel): void
  /** Called when there will be no connection. */
  fail(error: SerfError): void
}

/** Everything that needs the connection, and which of it waits for one now. */
export class Waiters {
  readonly #all = new LinkedSet<Waiter>()
  readonly #waiting = new Set<Waiter>()
  readonly #deadlines: Deadlines

  constructor(clock: Clock) {
    this.#deadlines = new Deadlines(clock, () => this.#waiting)
  }

  get size(): number {
    return this.#all.size
  }

  add(waiter: Waiter): void {
    this.#all.add(waiter)
  }

  /** Returns whether the waiter was one of these. */
  delete(waiter: Waiter): boolean {
    if (!this.#all.delete(waiter)) return false
    if (this.#waiting.size > 0) this.#endWait(waiter)
    return true
  }

  /** From now on the waiter waits for a connection. After `limit` ms, 0 being no limit, it expires. */
  wait(waiter: Waiter, limit: number): void {
    this.#waiting.add(waiter)
    this.#deadlines.start(waiter, limit)
  }

  anySurvives(reason: SerfError): boolean {
    return [...this.#all].some((waiter) => waiter.survives(reason))
  }

  /** Ends the waits with a channel, for as long as it is `ready`. */
  connect(channel: Channel, ready: () => boolean): void {
    for (const waiter of [...this.#waiting]) {
      if (!ready()) return
      if (this.#endWait(waiter)) waiter.onConnected(channel)
    }
  }

  /** Ends the waits of all waiters, or of those that wait now, and returns the waiters. */
  release(which: 'all' | 'waiting'): Waiter[] {
    const released = [...(which === 'all' ? this.#all : this.#waiting)]
    for (const waiter of released) this.#endWait(waiter)
    return released
  }

  /** Ends all deadlines for good. */
  stop(): void {
    this.#deadlines.stop()
  }

  /** Returns whether it did wait. */
  #endWait(waiter: Waiter): boolean {
    if (!this.#waiting.delete(waiter)) return false
    this.#deadlines.clear(waiter)
    return true
  }
}
