import { Observable, Subject } from 'rxjs'

/**
 * `idle`: no socket. `connecting`: the first dial after that. `ready`: connected and greeted. `reconnecting`: lost, or not
 * found again, and something waits for it. `closed`: over for good, by `close()` or `leave()`.
 */
export type ClientStatus = 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'

/** Where each status can lead; docs/reliability.md draws it. */
export const LEGAL_TRANSITIONS: Readonly<Record<ClientStatus, readonly ClientStatus[]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['ready', 'idle', 'reconnecting', 'closed'],
  ready: ['reconnecting', 'idle', 'closed'],
  reconnecting: ['ready', 'idle', 'closed'],
  closed: [],
}

/**
 * The status and those who watch it. A watcher may move it on from within its callback: the others still see every move, in order,
 * since a move is shown only after the one before it has been shown to all.
 */
export class StatusMachine {
  #current: ClientStatus = 'idle'
  #shown: ClientStatus = 'idle'
  #showing = false
  readonly #queued: ClientStatus[] = []
  readonly #transitions = new Subject<ClientStatus>()

  get current(): ClientStatus {
    return this.#current
  }

  /** The current status, then each move; completes once it is `closed`. */
  readonly status$ = new Observable<ClientStatus>((subscriber) => {
    if (this.#shown === 'closed') {
      subscriber.next('closed')
      subscriber.complete()
      return
    }
    // Subscribed first: the callback for the current status may already bring about the next.
    subscriber.add(
      this.#transitions.subscribe({
        next: (status) => subscriber.next(status),
        complete: () => subscriber.complete(),
      }),
    )
    subscriber.next(this.#shown)
  })

  transition(to: ClientStatus): void {
    if (to === this.#current) return
    if (!LEGAL_TRANSITIONS[this.#current].includes(to))
      throw new Error(`no way from ${this.#current} to ${to}`)
    this.#current = to
    this.#queued.push(to)
    if (!this.#showing) this.#show()
  }

  #show(): void {
    this.#showing = true
    for (let next = this.#queued.shift(); next !== undefined; next = this.#queued.shift()) {
      this.#shown = next
      this.#transitions.next(next)
    }
    this.#showing = false
    if (this.#shown === 'closed') this.#transitions.complete()
  }
}
