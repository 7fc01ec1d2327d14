import { firstValueFrom, type Observable, single, timeout, toArray } from 'rxjs'

const DEADLINE = 20_000

/** All values until it completes. */
export function valuesOf<T>(source$: Observable<T>): Promise<T[]> {
  return firstValueFrom(source$.pipe(toArray(), timeout(DEADLINE)))
}

/** The one value that it emits before it completes; none, or a second one, is an error. */
export function valueOf<T>(source$: Observable<T>): Promise<T> {
  return firstValueFrom(source$.pipe(single(), timeout(DEADLINE)))
}
