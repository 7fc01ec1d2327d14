import { firstValueFrom, type Observable, single, timeout, toArray } from 'rxjs'

const DEADLINE = 20_000

/** All values of an Observable that completes. */
export function valuesOf<T>(source$: Observable<T>): Promise<T[]> {
  return firstValueFrom(source$.pipe(toArray(), timeout(DEADLINE)))
}

/** The only value of an Observable that completes. None, or more than one, is an error. */
export function valueOf<T>(source$: Observable<T>): Promise<T> {
  return firstValueFrom(source$.pipe(single(), timeout(DEADLINE)))
}
