import { Observable, Subject } from 'rxjs'

/**
 * - `idle`: there is no socket.
 * - `connecting`: the client dials from `idle`.
 * - `ready`: it is connected, and the handshake is done.
 * - `reconnecting`: the connection was lost, or a dial failed, and something waits for the next `ready`.
 * - `closed`: `close()` or `leave()` has ended the client for good.
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
 * The status of a client. A subscriber may cause a transition from within its callback. All subscribers still
 * see every transition in order, because each is emitted only after the one before it has reached all of
 * them.
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
