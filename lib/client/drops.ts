import { combineLatest, distinctUntilChanged, EMPTY, map, Observable, retry, switchMap } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock } from '../connection/clock'
import { withChannel } from '../connection/open-channel'
import { monitorCall } from '../protocol/calls'
import type { Backoff } from './backoff'

/** How long the line that separates old log lines from new ones may take before it counts as missing, in ms. */
const BACKLOG = 1_000
/** Drops within this time count as one gap, in ms. If they continue, there is another gap at their end. */
const BURST = 1_000

/**
 * What an agent writes when more than 512 events wait for a client. Source: serf 0.9.4,
 * agent/ipc_event_stream.go.
 */
const DROPPED = /Dropping event to ipc\.client: \S*:(\d+)$/
/** What it writes, at level INFO, when it has accepted a client. Source: agent/ipc.go, `listen`. */
const ACCEPTED = /Accepted client: \S*:(\d+)$/

/**
 * Emits when the agent's log says that it dropped events of the shared connection. It watches the log only
 * while that connection is open and a stream has subscribers. It neither dials the shared connection nor
 * keeps the process alive.
 */
export function dropsOf(
  channel$: Observable<Channel | undefined>,
  subscribers$: Observable<number>,
  clock: Clock,
  newBackoff: () => Backoff,
): Observable<void> {
  const subscribed$ = subscribers$.pipe(
    map((count) => count > 0),
    distinctUntilChanged(),
  )
  return combineLatest([channel$, subscribed$]).pipe(
    switchMap(([channel, subscribed]) => {
      if (!channel || !subscribed) return EMPTY
      const backoff = newBackoff()
      return dropsInLog(channel, clock).pipe(
        // Goes on until the shared connection ends, when `switchMap` drops it.
        retry({ delay: () => after(clock, backoff.next()) }),
        oncePerBurst(clock),
      )
    }),
  )
}

/**
 * Emits for each line of the agent's log that reports a dropped event of the shared connection, or may report
 * one.
 */
function dropsInLog(shared: Channel, clock: Clock): Observable<void> {
  return withChannel(
    shared.options,
    (own) =>
      new Observable<void>((subscriber) => {
        const reader = new DropReader(shared.localPort, own.localPort)
        const emitIf = (dropped: boolean): void => {
          if (dropped) subscriber.next()
        }
        const timer = clock.after(BACKLOG, () => emitIf(reader.endBacklog()))
        subscriber.add(() => timer.cancel())
        subscriber.add(
          own.run(monitorCall('info')).subscribe({
            next: (line) => emitIf(reader.read(line)),
            error: (error: unknown) => subscriber.error(error),
            complete: () => subscriber.complete(),
          }),
        )
      }),
    { clock, unref: true },
  )
}

/**
 * Distinguishes drops of this client from those of others. The log names a client by its port. If it says
 * that the agent accepted the connection that reads the log, the agent sees our ports. That line also ends
 * the log's past, in which our port may have been another client's. If the line does not come, there is a
 * tunnel or a proxy between us, and any client's drop counts: a gap too many does no harm, one too few does.
 */
class DropReader {
  #seesOurPorts: boolean | undefined
  #droppedInBacklog = false

  constructor(
    private readonly sharedPort: number | undefined,
    private readonly ownPort: number | undefined,
  ) {}

  /** Whether this line counts as a drop. */
  read(line: string): boolean {
    const port = DROPPED.exec(line)?.[1]
    if (this.#seesOurPorts === undefined) {
      if (port !== undefined) this.#droppedInBacklog = true
      else if (this.#isOwn(line)) this.#seesOurPorts = true
      return false
    }
    return port !== undefined && (!this.#seesOurPorts || port === String(this.sharedPort))
  }

  /**
   * Called when the line that ends the past has not come: whether an earlier line counts as a drop after all.
   */
  endBacklog(): boolean {
    if (this.#seesOurPorts !== undefined) return false
    this.#seesOurPorts = false
    return this.#droppedInBacklog
  }

  #isOwn(line: string): boolean {
    return this.ownPort !== undefined && ACCEPTED.exec(line)?.[1] === String(this.ownPort)
  }
}

function oncePerBurst(clock: Clock): (drops$: Observable<void>) => Observable<void> {
  return (drops$) =>
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
      return drops$.subscribe({
        next: () => {
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
