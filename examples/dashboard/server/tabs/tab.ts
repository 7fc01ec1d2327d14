import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Observable, Subscription } from 'rxjs'
import type { QueryProgress } from 'serfx'
import type { Action, LogLevel, Update } from '../../messages'
import type { Cluster } from '../cluster/cluster'
import { Asking } from './asking'
import { Following } from './following'
import { Pending } from './pending'

/** Least milliseconds between two messages. */
const FRAME = 100
/** A page gets a message at least this often, in ms, so that it notices when the server is gone. */
const SILENCE = 5_000
/** How many records may wait for a page that reads slowly. Beyond that it gets a snapshot instead. */
export const PENDING_AT_MOST = 5_000

/** One open page. It collects changes until the page takes them. */
export class Tab {
  /** Names the page in what it posts. Nobody else can guess it. */
  readonly id = randomUUID()
  readonly #pending = new Pending()
  readonly #updates: Subscription
  #closed = false
  #fresh = true
  #following: Following | undefined
  #asking: Asking | undefined
  #wake: () => void = () => undefined

  constructor(
    private readonly cluster: Pick<Cluster, 'updates$' | 'snapshot' | 'log'>,
    private readonly allow: readonly Action[],
    private readonly now: () => number = Date.now,
  ) {
    this.#updates = cluster.updates$.subscribe({
      next: (update) => {
        // The next snapshot has it.
        if (this.#fresh) return
        this.#pending.add(update)
        if (this.#pending.size > PENDING_AT_MOST) this.#startAnew()
        this.#wake()
      },
      error: () => this.close(),
      complete: () => this.close(),
    })
  }

  /**
   * The messages for the page. Each is made when it is requested, from everything that has happened by then.
   */
  async *messages(): AsyncGenerator<Update, void> {
    while (!this.#closed) {
      const update = this.#take()
      if (update) {
        yield update
        await delay(FRAME)
      } else if (!(await this.#happened())) yield { now: this.now() }
    }
  }

  /** Follows the agent's log from this level on instead of the previous one; `null`: none. */
  follow(level: LogLevel | null): void {
    this.#following?.stop()
    this.#following = level === null ? undefined : new Following(level, this.cluster.log(level), this.#woken)
    this.#wake()
  }

  /** Shows this query instead of the previous one. */
  ask(id: number, progress$: Observable<QueryProgress>): void {
    this.#asking?.stop()
    this.#asking = new Asking(id, progress$, this.#woken)
  }

  close(): void {
    this.#updates.unsubscribe()
    this.#following?.stop()
    this.#asking?.stop()
    this.#closed = true
    this.#wake()
  }

  readonly #woken = (): void => this.#wake()

  #startAnew(): void {
    this.#fresh = true
    this.#pending.clear()
  }

  /** Waits until something has happened; false when nothing has for a while. */
  #happened(): Promise<boolean> {
    return new Promise((resolve) => {
      const silence = setTimeout(() => resolve(false), SILENCE)
      this.#wake = () => {
        clearTimeout(silence)
        resolve(true)
      }
    })
  }

  #take(): Update | undefined {
    const fresh = this.#fresh
    if (fresh) this.#asking?.again()
    this.#fresh = false
    const log = this.#following?.take()
    const ask = this.#asking?.take()
    if (!fresh && !log && !ask && this.#pending.empty) return undefined
    return {
      now: this.now(),
      ...(fresh && { fresh: { tab: this.id, allow: this.allow } }),
      ...(fresh ? this.cluster.snapshot() : this.#pending.take()),
      ...(log && { log }),
      ...(ask && { ask }),
    }
  }
}
