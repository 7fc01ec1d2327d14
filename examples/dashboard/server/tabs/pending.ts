import type { ShownMember, Update } from '../../messages'
import type { ClusterUpdate } from '../cluster/cluster'

/** What a page has not received yet. A later change replaces an earlier one of the same thing. */
export class Pending {
  #latest: Pick<ClusterUpdate, 'connection' | 'health' | 'roundTrips'> = {}
  #put = new Map<string, ShownMember>()
  #removed = new Set<string>()
  #events: NonNullable<Update['events']>[number][] = []
  #rates: NonNullable<Update['rates']>[number][] = []

  /** How many records wait. */
  get size(): number {
    return this.#put.size + this.#removed.size + this.#events.length + this.#rates.length
  }

  get empty(): boolean {
    return this.size === 0 && Object.keys(this.#latest).length === 0
  }

  add({ members, events, rates, ...latest }: ClusterUpdate): void {
    Object.assign(this.#latest, latest)
    for (const name of members?.removed ?? []) {
      this.#put.delete(name)
      this.#removed.add(name)
    }
    for (const member of members?.put ?? []) {
      this.#removed.delete(member.name)
      this.#put.set(member.name, member)
    }
    this.#events.push(...(events ?? []))
    this.#rates.push(...(rates ?? []))
  }

  /** Takes out everything. */
  take(): ClusterUpdate {
    const members = this.#put.size + this.#removed.size > 0
    const update: ClusterUpdate = {
      ...this.#latest,
      ...(members && { members: { put: [...this.#put.values()], removed: [...this.#removed] } }),
      ...(this.#events.length > 0 && { events: this.#events }),
      ...(this.#rates.length > 0 && { rates: this.#rates }),
    }
    this.clear()
    return update
  }

  clear(): void {
    this.#latest = {}
    this.#put = new Map()
    this.#removed = new Set()
    this.#events = []
    this.#rates = []
  }
}
