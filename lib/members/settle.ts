import { asyncScheduler, type MonoTypeOperatorFunction, Observable, Subscription } from 'rxjs'
import { milliseconds } from '../arguments'

/**
 * Emits the newest value when no other value has arrived for `quiet` ms, and at the latest `atMost` ms after
 * the first value that it holds back, so that values of a busy source get through. When the source completes,
 * the held value is emitted first; when the source errors, it is lost. Each subscriber has its own timers,
 * and unsubscribing clears them.
 * @param quiet In ms, 0 or more.
 * @param atMost In ms, 0 or more. Default: no limit.
 * @throws RangeError at the call for a time below 0 or one that no timer can hold.
 * @example
 * membership().pipe(settle(500, 5_000)).subscribe((members) => writeConfiguration(members))
 */
export function settle<T>(quiet: number, atMost = Infinity): MonoTypeOperatorFunction<T> {
  milliseconds(quiet, 0, 'settle: quiet')
  if (atMost !== Infinity) milliseconds(atMost, 0, 'settle: atMost')
  return (source$) =>
    new Observable((subscriber) => {
      let held: { value: T } | undefined
      const timers = { quiet: new Subscription(), limit: new Subscription() }
      const stop = () => {
        timers.quiet.unsubscribe()
        timers.limit.unsubscribe()
      }
      const release = () => {
        if (!held) return
        const { value } = held
        stop()
        held = undefined
        subscriber.next(value)
      }
      subscriber.add(stop)
      subscriber.add(
        source$.subscribe({
          next: (value) => {
            if (!held && atMost !== Infinity) timers.limit = asyncScheduler.schedule(release, atMost)
            held = { value }
            timers.quiet.unsubscribe()
            timers.quiet = asyncScheduler.schedule(release, quiet)
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            release()
            subscriber.complete()
          },
        }),
      )
    })
}
