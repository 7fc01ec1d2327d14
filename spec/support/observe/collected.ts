import type { Observable } from 'rxjs'
import type { Connection } from 'serfx'
import { until } from '../time/until'
import { valueOf } from './values'

/** What an Observable has emitted so far, and how it ended, if it did. To be taken with `using`. */
export class Collected<T> {
  readonly values: T[] = []
  completed = false
  error: unknown
  readonly #subscription

  constructor(source$: Observable<T>) {
    this.#subscription = source$.subscribe({
      next: (value) => this.values.push(value),
      error: (error: unknown) => {
        this.error = error
      },
      complete: () => (this.completed = true),
    })
  }

  /** The first value, past or to come, that satisfies `condition`. */
  async find(what: string, condition: (value: T) => boolean = () => true): Promise<T> {
    const found = await until(what, () => {
      if (this.error instanceof Error) throw this.error
      return this.values.filter(condition).map((value) => ({ value }))[0]
    })
    return found.value
  }

  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }
}

/** Collects a stream, or a monitor, that the agent has agreed to: what happens from now on is in it. */
export async function listening<T>(connection: Connection, source$: Observable<T>): Promise<Collected<T>> {
  const collected = new Collected(source$)
  // An agent serves a connection strictly in order, so that what it answers now comes after its yes.
  await valueOf(connection.stats())
  if (collected.error instanceof Error) throw collected.error
  return collected
}
