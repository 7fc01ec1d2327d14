import { distinctUntilChanged, map, type Observable } from 'rxjs'

/** A part of the state, each time it is another object. */
export function select<S, T>(state$: Observable<S>, part: (state: S) => T): Observable<T> {
  return state$.pipe(map(part), distinctUntilChanged())
}
