import { type Observable, Subscription } from 'rxjs'
import type { Connection } from 'serfx'
import { until } from '../time/until'
import { valueOf } from './values'

/** What an Observable has emitted so far, and how it ended. `using` unsubscribes it at the end of a spec. */
export class Recording<T> {
  readonly values: T[] = []
  error: unknown = undefined
  completed = false
  readonly #subscription = new Subscription()

  constructor(source$: Observable<T>) {
    this.#subscription.add(
      source$.subscribe({
        next: (value) => this.values.push(value),
        error: (error: unknown) => (this.error = error),
        complete: () => (this.completed = true),
      }),
    )
  }

  /** Whether it has completed or failed. */
  get ended(): boolean {
    return this.completed || this.error !== undefined
  }

  /** Waits for the first value that satisfies the condition. A value that is already there counts. */
  async find(what: string, condition: (value: T) => boolean = () => true): Promise<T> {
    const found = await until(what, () => {
      const value = this.values.filter(condition).map((match) => ({ match }))[0]
      if (!value) this.#expectOpen(what)
      return value
    })
    return found.match
  }

  /** Waits until there are that many values, and gives all that are there. */
  async reaches(count: number): Promise<T[]> {
    const what = `${count} values`
    await until(what, () => {
      if (this.values.length >= count) return true
      this.#expectOpen(what)
      return false
    })
    return this.values
  }

  /** Waits until it has completed or failed. */
  async ends(): Promise<this> {
    await until('the end of an Observable', () => this.ended)
    return this
  }

  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  #expectOpen(what: string): void {
    if (this.error !== undefined) throw new Error(`failed before ${what}`, { cause: this.error })
    if (this.completed) throw new Error(`completed after ${this.values.length} values, before ${what}`)
  }
}

/** Subscribes, and records what happens. */
export function observe<T>(source$: Observable<T>): Recording<T> {
  return new Recording(source$)
}

/**
 * Records a stream or a monitor, and returns once the agent has accepted it. Nothing that happens from then
 * on is missed.
 */
export async function listening<T>(connection: Connection, source$: Observable<T>): Promise<Recording<T>> {
  const recording = observe(source$)
  // An agent works through a connection in order, so this reply follows the one to the stream.
  await valueOf(connection.stats())
  if (recording.error instanceof Error) throw recording.error
  return recording
}
