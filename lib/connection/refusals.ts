import type { Subscriber } from 'rxjs'
import type { SerfError } from '../errors'
import type { Clock } from './clock'

/**
 * Errors the subscribers of a channel that has ended: the first one at once, each later one in a turn of its
 * own. `retry()` subscribes again as soon as it gets an error, and with synchronous errors it would fill the
 * stack until a `RangeError` hides the cause.
 */
export class Refusals {
  private refused = false

  constructor(private readonly clock: Clock) {}

  refuse(subscriber: Subscriber<unknown>, error: SerfError): void {
    if (!this.refused) {
      this.refused = true
      subscriber.error(error)
      return
    }
    const timer = this.clock.after(0, () => subscriber.error(error))
    timer.ref()
    subscriber.add(() => timer.cancel())
  }
}
