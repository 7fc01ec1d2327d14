import { Observable, Subject } from 'rxjs'

/**
 * `idle`: no socket. `connecting`: the first dial from `idle`. `ready`: connected, with the handshake done. `reconnecting`: from a
 * loss or a failed dial to the next `ready`, while something waits. `closed`: after `close()` or `leave()`, for good.
 */
export type ClientStatus = 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'

/** The transitions from each status, as drawn in docs/reliability.md. */
export const LEGAL_TRANSITIONS: Readonly<Record<ClientStatus, readonly ClientStatus[]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['ready', 'idle', 'reconnecting', 'closed'],
  ready: ['reconnecting', 'idle', 'closed'],
  reconnecting: ['ready', 'idle', 'closed'],
  closed: [],
}

/**
 * The status of a client. A subscriber may cause a transition from within its callback: all others still see every transition
 * in order, since each is emitted only after the one before it has reached all subscribers.
 */
export class StatusMachine {
  #current: ClientStatus = 'idle'
  #emitted: ClientStatus = 'idle'
  #emitting = false
  readonly #queued: ClientStatus[] = []
  readonly #transitions = new Subject<ClientStatus>()

  get current(): ClientStatus {
    return this.#current
  }

  /** The current status, then each transition; completes with `closed`. */
  readonly status$ = new Observable<ClientStatus>((subscriber) => {
    if (this.#emitted === 'closed') {
      subscriber.next('closed')
      subscriber.complete()
      return
    }
    // Subscribed first, as the callback for the current status may cause a transition.
    subscriber.add(
      this.#transitions.subscribe({
        next: (status) => subscriber.next(status),
        complete: () => subscriber.complete(),
      }),
    )
    subscriber.next(this.#emitted)
  })

  transition(to: ClientStatus): void {
    if (to === this.#current) return
    if (!LEGAL_TRANSITIONS[this.#current].includes(to))
      throw new Error(`no transition from ${this.#current} to ${to}`)
    this.#current = to
    this.#queued.push(to)
    if (!this.#emitting) this.#emit()
  }

  #emit(): void {
    this.#emitting = true
    for (let next = this.#queued.shift(); next !== undefined; next = this.#queued.shift()) {
      this.#emitted = next
      this.#transitions.next(next)
    }
    this.#emitting = false
    if (this.#emitted === 'closed') this.#transitions.complete()
  }
}
