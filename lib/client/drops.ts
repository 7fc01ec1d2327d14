import { combineLatest, distinctUntilChanged, EMPTY, map, Observable, retry, switchMap } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock } from '../connection/clock'
import { withChannel } from '../connection/open-channel'
import { monitorCall } from '../protocol/calls'
import type { Backoff } from './backoff'

/** After how many ms the log counts as live, should the line that says so not come. */
const BACKLOG = 1_000
/** Drops within as many ms are one gap; where they go on, there is a last one at their end. */
const BURST = 1_000

/** What an agent writes when more than 512 events wait for a client. Source: serf 0.9.4, agent/ipc_event_stream.go. */
const DROPPED = /Dropping event to ipc\.client: \S*:(\d+)$/
/** What it writes when a client has come; at level INFO. Source: agent/ipc.go, `listen`. */
const ACCEPTED = /Accepted client: \S*:(\d+)$/

/**
 * Emits when the agent's log tells that it dropped events of the shared connection. It watches only while that is open and
 * a stream has subscribers. It neither dials the shared connection nor keeps the process alive.
 */
export function dropsOf(
  channel$: Observable<Channel | undefined>,
  listeners$: Observable<number>,
  clock: Clock,
  newBackoff: () => Backoff,
): Observable<void> {
  const listened$ = listeners$.pipe(
    map((count) => count > 0),
    distinctUntilChanged(),
  )
  return combineLatest([channel$, listened$]).pipe(
    switchMap(([channel, listened]) => {
      const port = channel?.localPort
      if (!channel || !listened || port === undefined) return EMPTY
      const backoff = newBackoff()
      return linesAfterBacklog(channel, clock).pipe(
        // Goes on until the shared connection ends, when `switchMap` drops it.
        retry({ delay: () => after(clock, backoff.next()) }),
        dropsAt(port, clock),
      )
    }),
  )
}

/** The agent's log from now on. Its past may tell of another client that had our port. */
function linesAfterBacklog(shared: Channel, clock: Clock): Observable<string> {
  return withChannel(
    shared.options,
    (channel) =>
      new Observable<string>((subscriber) => {
        let live = false
        const timer = clock.after(BACKLOG, () => (live = true))
        subscriber.add(() => timer.cancel())
        subscriber.add(
          channel.run(monitorCall('info')).subscribe({
            next: (line) => {
              if (live) subscriber.next(line)
              else live = ACCEPTED.exec(line)?.[1] === String(channel.localPort)
            },
            error: (error: unknown) => subscriber.error(error),
          }),
        )
      }),
    { clock, unref: true },
  )
}

function dropsAt(port: number, clock: Clock): (lines$: Observable<string>) => Observable<void> {
  return (lines$) =>
    new Observable((subscriber) => {
      let quiet = true
      let more = false
      const report = (): void => {
        quiet = more = false
        const timer = clock.after(BURST, () => {
          if (more) report()
          else quiet = true
        })
        subscriber.add(() => timer.cancel())
        subscriber.next()
      }
      return lines$.subscribe({
        next: (line) => {
          if (DROPPED.exec(line)?.[1] !== String(port)) return
          more = true
          if (quiet) report()
        },
        error: (error: unknown) => subscriber.error(error),
      })
    })
}

function after(clock: Clock, delay: number): Observable<void> {
  return new Observable((subscriber) => {
    const timer = clock.after(delay, () => subscriber.next())
    return () => timer.cancel()
  })
}
