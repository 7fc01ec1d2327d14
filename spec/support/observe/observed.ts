import type { Observable, Subscription } from 'rxjs'

/** What an Observable has done so far. */
export interface Observed<T> {
  readonly values: T[]
  readonly error: unknown
  readonly completed: boolean
  readonly ended: boolean
  readonly subscription: Subscription
}

export function observe<T>(observable$: Observable<T>): Observed<T> {
  const state = { values: [] as T[], error: undefined as unknown, completed: false }
  const subscription = observable$.subscribe({
    next: (value) => state.values.push(value),
    error: (error: unknown) => (state.error = error),
    complete: () => (state.completed = true),
  })
  return {
    get values() {
      return state.values
    },
    get error() {
      return state.error
    },
    get completed() {
      return state.completed
    },
    get ended() {
      return state.completed || state.error !== undefined
    },
    subscription,
  }
}
