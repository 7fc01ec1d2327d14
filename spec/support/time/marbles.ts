import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import { MarbleClock } from './marble-clock'

/** Runs a marble spec in virtual time, compared by jest. The clock shows the same time. */
export function marbles(run: (helpers: RunHelpers, clock: MarbleClock) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
  scheduler.run((helpers) => run(helpers, new MarbleClock(scheduler)))
}
