import { TestScheduler, type RunHelpers } from 'rxjs/testing'

/** Runs a marble spec in virtual time, compared by jest. */
export function marbles(run: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run)
}
