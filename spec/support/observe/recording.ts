import { lastValueFrom, type Observable, Subscription } from 'rxjs'
import { SerfError } from '../../../lib/errors'
import { until } from '../time/until'

/** Everything that an Observable has said so far. */
export class Recording<T> {
  readonly values: T[] = []
  readonly errors: unknown[] = []
  completed = 0
  readonly #subscription = new Subscription()

  constructor(source$: Observable<T>) {
    this.#subscription.add(
      source$.subscribe({
        next: (value) => this.values.push(value),
        error: (error: unknown) => this.errors.push(error),
        complete: () => this.completed++,
      }),
    )
  }

  /** How often it has ended, one way or the other; more than once would break the contract of an Observable. */
  get ended(): number {
    return this.completed + this.errors.length
  }

  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }

  /** Waits until there are so many values. */
  async reaches(count: number): Promise<T[]> {
    await until(`${count} values`, () => this.values.length >= count || this.ended > 0)
    return this.values
  }

  async ends(): Promise<this> {
    await until('the end of an Observable', () => this.ended > 0)
    return this
  }
}

export function record<T>(source$: Observable<T>): Recording<T> {
  return new Recording(source$)
}

/** The error with which it ends, which must be one of ours. */
export async function failureOf(source$: Observable<unknown>): Promise<SerfError> {
  const values: unknown[] = []
  try {
    values.push(await lastValueFrom(source$, { defaultValue: 'nothing' }))
  } catch (error) {
    if (error instanceof SerfError) return error
    throw error
  }
  throw new Error(`it was to fail, but ended after ${JSON.stringify(values)}`)
}
