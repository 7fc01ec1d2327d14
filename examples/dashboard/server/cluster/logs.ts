import { catchError, map, type Observable, of, ReplaySubject, share, switchMap, timer } from 'rxjs'
import type { Client, LogLevel } from 'serfx'
import { messageOf } from '../message-of'

/** How many lines a page that starts to follow gets. As many as an agent keeps. */
export const KEPT_LINES = 512
/** How long a log is followed after the last page has left it, in ms. */
const LINGER = 30_000

export type LogLine = { line: string } | { error: string }

/** The agent's log by level: one monitor for each level that some page follows. */
export class Logs {
  readonly #shared = new Map<LogLevel, Observable<LogLine>>()

  constructor(private readonly client$: Observable<Pick<Client, 'monitor'>>) {}

  /** The last lines, then each line as it is written. */
  of(level: LogLevel): Observable<LogLine> {
    const known = this.#shared.get(level)
    if (known) return known
    const line$ = this.client$.pipe(
      switchMap(({ monitor }) =>
        monitor(level).pipe(
          map((line): LogLine => ({ line })),
          catchError((error: unknown) => of({ error: messageOf(error) })),
        ),
      ),
      share({
        connector: () => new ReplaySubject(KEPT_LINES),
        resetOnRefCountZero: () => timer(LINGER),
        // It completes when the dashboard is closed, for good. A reset then would start the timer.
        resetOnComplete: false,
      }),
    )
    this.#shared.set(level, line$)
    return line$
  }
}
