/**
 * The diagnostics channels of serfx (`node:diagnostics_channel`). Without a subscriber they cost one check
 * per subscription.
 */
import { AsyncResource } from 'node:async_hooks'
import { channel, tracingChannel } from 'node:diagnostics_channel'
import { Observable, type Subscriber, type TeardownLogic } from 'rxjs'
import type { Call } from '../protocol/call'

/**
 * One command of one subscriber on `tracingChannel('serfx:command')`. All its events have the same object:
 * `start` when it is subscribed, `error` when it errors, `asyncEnd` once at its end. It contains no payload,
 * key or body.
 */
export interface CommandTrace {
  /** The command as the wire names it: `members-filtered`. */
  command: string
  /** `host:port` of the agent. All addresses of a client while it has no connection. */
  address: string
  /** How many values it has emitted. */
  values: number
  /**
   * Set at the end. A command with one reply is `completed` once the reply has come, even if it is
   * unsubscribed then.
   */
  outcome?: 'completed' | 'errored' | 'unsubscribed'
  /** Set before `error`. */
  error?: unknown
}

/** A status of a client, on the channel `serfx:connection`. */
export interface ConnectionTrace {
  addresses: readonly string[]
  status: 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'
  /** The reason why the connection was lost or could not be made. */
  error?: unknown
}

/** A gap in the streams of a client, on the channel `serfx:gap`. */
export interface GapTrace {
  addresses: readonly string[]
  reason: 'reconnected' | 'dropped'
  at: Date
}

const commands = tracingChannel<CommandTrace>('serfx:command')
const connections = channel('serfx:connection')
const gaps = channel('serfx:gap')

export function traceConnection(trace: ConnectionTrace): void {
  if (connections.hasSubscribers) connections.publish(trace)
}

export function traceGap(trace: GapTrace): void {
  if (gaps.hasSubscribers) gaps.publish(trace)
}

/**
 * The Observable of a call, with each subscription traced. `subscribe` is that of the Observable without
 * tracing, so that tracing needs no second one while nobody listens.
 */
export function traced<T>(
  call: Call<T>,
  address: () => string,
  subscribe: (subscriber: Subscriber<T>) => TeardownLogic,
): Observable<T> {
  return new Observable((subscriber) =>
    commands.hasSubscribers
      ? trace(call, address, new Observable(subscribe), subscriber)
      : subscribe(subscriber),
  )
}

function trace<T>(
  call: Call<T>,
  address: () => string,
  values$: Observable<T>,
  subscriber: Subscriber<T>,
): () => void {
  const context: CommandTrace = { command: call.command, address: address(), values: 0 }
  const end = (outcome: NonNullable<CommandTrace['outcome']>, error?: unknown): void => {
    if (context.outcome !== undefined) return
    context.outcome = outcome
    context.address = address()
    if (outcome === 'errored') {
      context.error = error
      commands.error.publish(context)
    }
    commands.asyncStart.publish(context)
    commands.asyncEnd.publish(context)
  }
  const subscription = commands.start.runStores(context, () => {
    // Values arrive in the async context of the socket. They are delivered in the context of the subscriber.
    const scope = new AsyncResource('serfx:command')
    return values$.subscribe({
      next: (value) => {
        if (subscriber.closed) return
        context.values++
        scope.runInAsyncScope(() => subscriber.next(value))
      },
      error: (error: unknown) => {
        end('errored', error)
        scope.runInAsyncScope(() => subscriber.error(error))
      },
      complete: () => {
        end('completed')
        scope.runInAsyncScope(() => subscriber.complete())
      },
    })
  })
  commands.end.publish(context)
  return () => {
    subscription.unsubscribe()
    const replied = call.traits.reply !== 'records' && context.values > 0
    end(replied ? 'completed' : 'unsubscribed')
  }
}
